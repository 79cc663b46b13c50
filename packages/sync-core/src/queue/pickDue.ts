import type { MutationRecord, Single } from '../mutation/MutationRecord.js'
import { holdsLanes, isBulk } from '../mutation/mutationState.js'
import { LONGEST_WAIT_MS, plannedInstant } from '../retry/backoff.js'

export interface PickOptions {
  now: number
  /** At most this many. */
  limit: number
  /** Try everything now, whatever was planned. */
  force?: (record: Single<'queued' | 'waiting'>) => boolean
  /** Instant before which the record may not be sent by this tab (pauses, another tab's turn); 0: none. */
  notBefore: (record: Single<'queued' | 'waiting'>) => number
}

export interface Picked {
  due: readonly Single<'queued' | 'waiting'>[]
  /** When to look again; null: only when something changes. Not computed when `limit` was reached. */
  nextAt: number | null
}

/**
 * The mutations to send now: due, and first in each of their lanes. Pure.
 * @param records unfinished mutations in the order of their seq
 */
export function pickDue(records: Iterable<MutationRecord>, options: PickOptions): Picked {
  const due: Single<'queued' | 'waiting'>[] = []
  const held = new Set<string>()
  let nextAt: number | null = null
  for (const record of records) {
    if (due.length >= options.limit) break
    if (isBulk(record)) continue
    if (record.state === 'queued' || record.state === 'waiting') {
      const isFree = !holdsLanes(record) || record.lanes.every((lane) => !held.has(lane))
      if (isFree && record.seq !== null) {
        const at = options.force?.(record) ? options.now : Math.max(plannedAt(record, options.now), options.notBefore(record))
        if (at <= options.now) due.push(record)
        else if (nextAt === null || at < nextAt) nextAt = at
      }
    }
    if (holdsLanes(record)) for (const lane of record.lanes) held.add(lane)
  }
  return { due, nextAt }
}

/** When the record may be tried. */
export function plannedAt(record: Single<'queued' | 'waiting'>, now: number): number {
  return plannedInstant(record.nextAttemptAt ?? 0, now, LONGEST_WAIT_MS)
}
