import type { Response } from 'express'

const OUTCOME = Symbol('idempotency outcome')

/**
 * Tells the idempotency middleware whether the ledger holds this answer. Without it, a 2xx other
 * than 202 counts as final.
 */
export function markRecorded(res: Response, recorded: boolean): void {
  ;(res.locals as Record<symbol, unknown>)[OUTCOME] = recorded
}

/** Whether this answer may be replayed from the fast store. */
export function isReplayable(res: Response, status: number): boolean {
  const marked = (res.locals as Record<symbol, unknown>)[OUTCOME]
  if (typeof marked === 'boolean') return marked && status !== 202
  return status >= 200 && status < 300 && status !== 202
}
