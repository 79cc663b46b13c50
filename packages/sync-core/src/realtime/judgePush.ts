import type { KnownRow } from './Subscribers.js'

/**
 * What a table's rows stand on.
 *
 * - `first`: the rows as first read, and every change since
 * - `void`: there was a gap, and the rows are not yet read anew
 * - `anew`: the rows as read after a gap, and every change since
 */
export type Ground = 'first' | 'void' | 'anew'

/**
 * What to do with a pushed change. Pure. Across a gap a push may come late that nothing later takes back: the log
 * from before the gap is not read any more.
 *
 * - rows that are about to be read anew will include it, if it still is so
 * - a row that is there since the gap: its version decides
 * - any other row may have been deleted in the gap: only the log knows
 */
export function judgePush(ground: Ground, known: KnownRow | undefined): 'take' | 'ask the log' | 'leave' {
  if (ground === 'first') return 'take'
  if (ground === 'void') return 'leave'
  return known?.isAlive && known.version !== undefined ? 'take' : 'ask the log'
}
