import type { AppCaller } from '@org/api'
import { eq } from 'drizzle-orm'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import express, { type Request, Router } from 'express'
import { memberships, people } from './tables.js'

declare module 'express-session' {
  interface SessionData {
    personId: string
  }
}

/** Who is calling, and for which account: the session says the person, the table of memberships the account. */
export function callerBy(db: NodePgDatabase) {
  return async ({ session }: Request): Promise<AppCaller | null> => {
    if (session.personId === undefined) return null
    const [member] = await db.select().from(memberships).where(eq(memberships.personId, session.personId)).limit(1)
    return member === undefined ? null : { actor: member.personId, tenant: member.accountId }
  }
}

/** POST /sign-in. Asks for no password: how people prove who they are is beside the point of this example. */
export function signInRouter(db: NodePgDatabase): Router {
  const router = Router()
  router.post('/sign-in', express.json(), async (req, res) => {
    const [person] = await db
      .select()
      .from(people)
      .where(eq(people.email, String(req.body?.email)))
    if (person === undefined) return void res.status(401).json({ error: 'Nobody has this address.' })
    req.session.personId = person.id
    res.status(204).end()
  })
  return router
}
