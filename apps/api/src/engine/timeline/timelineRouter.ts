import { idSchema } from '@org/contracts'
import { type Request, type Response, Router } from 'express'
import type { Database } from '../database/Database.js'
import { onlyGet } from '../http/allowOnly.js'
import { Refusal } from '../http/Refusal.js'
import { single } from '../http/readQuery.js'
import { sendJson } from '../http/sendAnswer.js'
import { findSession } from '../identity/session.js'
import { readTimeline } from './readTimeline.js'
import { recordAudit } from './recordAudit.js'
import type { Asked, Subject, TimelineSource } from './Timeline.js'
import { UnknownWordError } from './UnknownWordError.js'

const PATH = '/api/admin/timeline'
const KIND = /^[a-z_][a-z0-9_]{0,39}$/

/**
 * GET /api/admin/timeline?key=… (or person, a word of a module's, or a table's name): what is known of it, for a service account of its
 * organisation, or for the operator, who names the organisation. Every look is written down before it is answered, also one
 * that finds nothing: whoever tries ids leaves a trace of each. What is another organisation's does not exist.
 */
export function timelineRouter({ database, sources }: { database: Database; sources: readonly TimelineSource[] }): Router {
  const router = Router()
  router.get(PATH, async (req, res) => {
    const { actor, tenant } = whoLooks(req, res)
    const asked: Asked = { subject: subjectOf(req), tenant }
    await recordAudit(database, { ...asked, actor, door: 'api', verb: 'inspect' })
    const timeline = await readTimeline(database, { ...asked, sources }).catch(refuseUnknownWord)
    if (timeline.verdicts.length + timeline.events.length === 0) throw new Refusal('NOT_FOUND')
    sendJson(res, 200, timeline)
  })
  router.all(PATH, onlyGet)
  return router
}

function refuseUnknownWord(error: unknown): never {
  throw error instanceof UnknownWordError ? new Refusal('VALIDATION_FAILED', { error: error.message }) : error
}

/** Never without an organisation: nobody who reads over the network sees all of them at once. */
function whoLooks(req: Request, res: Response): { actor: string; tenant: string } {
  const session = findSession(res)
  if (session === undefined || session.kind === 'user') throw new Refusal('FORBIDDEN', { error: 'Only a service account may do this.' })
  const named = single(req, 'organisation')
  if (session.kind === 'service') {
    if (named !== null && named !== session.tenant)
      throw new Refusal('FORBIDDEN', { error: 'A service account sees its own organisation.' })
    return session
  }
  if (named === null || !idSchema.safeParse(named).success)
    throw new Refusal('VALIDATION_FAILED', { error: 'Name the organisation: ?organisation=…' })
  return { actor: session.actor, tenant: named }
}

function subjectOf(req: Request): Subject {
  const words = Object.keys(req.query).filter((word) => word !== 'organisation')
  const [kind] = words
  const id = kind === undefined ? null : single(req, kind)
  if (words.length === 1 && kind !== undefined && KIND.test(kind) && idSchema.safeParse(id).success) return { kind, id: id as string }
  throw new Refusal('VALIDATION_FAILED', { error: 'Ask for one thing: ?key=…, ?person=…, or a table and an id: ?contact=….' })
}
