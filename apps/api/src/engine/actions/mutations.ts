import { type IdempotencyKey, idempotencyKeySchema } from '@org/contracts'
import { type Request, Router } from 'express'
import type { Database } from '../database/Database.js'
import { onlyGet, onlyPost } from '../http/allowOnly.js'
import { Refusal } from '../http/Refusal.js'
import { sendText } from '../http/sendAnswer.js'
import { callerOf } from '../identity/session.js'
import { lookUpMutation } from '../ledger/lookUpMutation.js'
import { resolveMutation } from '../ledger/resolveMutation.js'
import { readMutationHeaders } from './mutationHeaders.js'

/** What stands for a key of one's own: looked at, or settled for good. */
export function mutationsRouter({ database }: { database: Database }): Router {
  const router = Router()

  router.get('/api/mutations/:key', async (req, res) => {
    const answer = await lookUpMutation(database, { caller: callerOf(res), key: keyOf(req) })
    sendText(res, answer)
  })

  router.post('/api/mutations/:key/resolve', async (req, res) => {
    const caller = callerOf(res)
    const { createdAtMs, ageMs, actor, refusal } = readMutationHeaders(req)
    if (refusal !== null) throw refusal
    if (actor !== null && actor !== caller.actor) throw new Refusal('ACTOR_MISMATCH')
    const answer = await resolveMutation(database, { caller, key: keyOf(req), createdAtMs, ageMs })
    sendText(res, answer)
  })

  router.all('/api/mutations/:key', onlyGet)
  router.all('/api/mutations/:key/resolve', onlyPost)
  return router
}

function keyOf(req: Request): IdempotencyKey {
  const key = idempotencyKeySchema.safeParse(req.params.key)
  if (!key.success) throw new Refusal('IDEMPOTENCY_KEY_INVALID')
  return key.data
}
