import type { AppCaller } from '@org/api'
import { asc, eq, sql } from 'drizzle-orm'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import { type Request, Router } from 'express'
import type { Desk, RealtimePlace } from '../shared/desk.js'
import { contacts, deals, people } from './tables.js'

export interface DeskParts {
  db: NodePgDatabase
  caller: (req: Request) => Promise<AppCaller | null>
  realtime: RealtimePlace | null
}

/** GET /desk: the app's own read. Row-level security leaves what is the person's account's. */
export function deskRouter({ db, caller, realtime }: DeskParts): Router {
  const router = Router()
  router.get('/desk', async (req, res) => {
    const member = await caller(req)
    if (member === null) return void res.status(401).json({ error: 'Sign in first.' })
    res.json({ ...(await readDesk(db, member.actor)), realtime: realtime && { url: realtime.url, key: realtime.key } } satisfies Desk)
  })
  return router
}

function readDesk(db: NodePgDatabase, personId: string): Promise<Omit<Desk, 'realtime'>> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select set_config('request.jwt.claims', ${JSON.stringify({ sub: personId })}, true)`)
    const [person] = await tx.select({ name: people.name }).from(people).where(eq(people.id, personId))
    return {
      person: person?.name ?? '',
      contacts: await tx
        // In the words of clients, which are not those of the column.
        .select({ id: contacts.id, name: contacts.name, status: sql<string>`sync.row_json(contacts) ->> 'status'` })
        .from(contacts)
        .orderBy(asc(contacts.name)),
      deals: await tx
        .select({ id: deals.id, title: deals.title, amount: deals.amount, stage: deals.stage })
        .from(deals)
        .orderBy(asc(deals.title)),
    }
  })
}
