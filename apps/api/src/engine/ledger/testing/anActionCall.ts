import { randomUUID } from 'node:crypto'
import type { IdempotencyKey } from '@org/contracts'
import type { ActionCall, Caller } from '../ActionCall.js'

/** ana of the demo's first organisation. */
export const ANA: Caller = { actor: 'user-456', tenant: 'org-1' }
/** ben, of the same organisation. */
export const BEN: Caller = { actor: 'user-789', tenant: 'org-1' }
/** eve, of another organisation. */
export const EVE: Caller = { actor: 'user-999', tenant: 'org-2' }

/** A key nobody used before. */
export function aKey(): IdempotencyKey {
  return randomUUID() as IdempotencyKey
}

/** A fresh click of ana's with a key of its own; pass only what matters to the test. */
export function anActionCall<Request>(request: Request, fields: Partial<ActionCall<Request>> = {}): ActionCall<Request> {
  return {
    caller: ANA,
    actionName: 'test.action',
    key: aKey(),
    fingerprint: `v1:${JSON.stringify(request)}`,
    request,
    ageMs: 5,
    createdAtMs: Date.now(),
    ttlMs: 60_000,
    ...fields,
  }
}
