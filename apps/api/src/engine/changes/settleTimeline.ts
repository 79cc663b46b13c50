import { sqlStateOf } from '../database/DatabaseError.js'

/** No schema yet, no function, or no right to it: the start says so. Or another connection is settling it. */
const LEFT_TO_OTHERS = new Set(['3F000', '42883', '42501', '55P03'])

/**
 * For each new connection to Postgres. A server that took over goes on on another timeline, and what followers saw
 * of the old one may never have reached it: then a new epoch begins.
 */
export async function settleTimeline(run: (text: string) => Promise<unknown>): Promise<void> {
  await run('select sync.settle_timeline()').catch((error: unknown) => {
    if (!LEFT_TO_OTHERS.has(sqlStateOf(error) ?? '')) throw error
  })
}
