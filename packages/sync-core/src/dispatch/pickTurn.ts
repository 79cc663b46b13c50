import type { MutationRecord, Single } from '../mutation/MutationRecord.js'
import { holdsLanes, isBulk } from '../mutation/mutationState.js'
import type { Sendable } from '../queue/claim.js'
import { chooseProbe } from './chooseProbe.js'
import type { Prospect } from './Outlook.js'

/**
 * What one turn of the loop goes by. It is made once and carried through: what is noted while the turn runs changes
 * the next one, never this one.
 */
export interface Turn extends Prospect {
  /** Requests at once. */
  readonly atOnce: number
  /** A person wants it now, whatever was planned. */
  readonly isForced: (record: Sendable) => boolean
}

export interface Picked {
  due: readonly Sendable[]
  /** When to look again; null: only when something changes, undefined: at once, as `limit` was reached. */
  nextAt: number | null | undefined
  /** Another one of its lane goes before one of them. */
  isBehind: boolean
}

/**
 * The mutations to send now: due, and first in each of their lanes. Of the blocked ones, those whose way is clear;
 * else one, now and then, as a probe. Pure.
 * @param records unfinished mutations in the order of their seq
 */
export function pickTurn(records: Iterable<MutationRecord>, turn: Turn, limit: number): Picked {
  const due: Sendable[] = []
  const blocked: Single<'blocked'>[] = []
  const held = new Set<string>()
  let nextAt = Number.POSITIVE_INFINITY
  let isProbing = false
  let isBehind = false
  for (const record of records) {
    if (due.length >= limit) return { due, nextAt: undefined, isBehind }
    if (record.seq === null || isBulk(record)) continue
    isProbing ||= record.state === 'sending' && record.probes !== null
    const isFree = !holdsLanes(record) || record.lanes.every((lane) => !held.has(lane))
    if (holdsLanes(record)) for (const lane of record.lanes) held.add(lane)
    isBehind ||= !isFree
    if (!isFree || !isSendable(record)) continue
    const at = startAt(record, turn)
    if (at <= turn.now) due.push(record)
    else if (record.state === 'blocked') blocked.push(record)
    nextAt = at <= turn.now ? nextAt : Math.min(nextAt, at)
  }
  const probe = isProbing || due.length >= limit ? undefined : chooseProbe(blocked, turn)
  if (probe !== undefined && probe.at <= turn.now) due.push(probe.record)
  else if (probe !== undefined) nextAt = Math.min(nextAt, probe.at)
  return { due, nextAt: Number.isFinite(nextAt) ? nextAt : null, isBehind }
}

/** When this tab sends it, with what is known now. */
function startAt(record: Sendable, { now, isForced, plannedAt, notBefore }: Turn): number {
  const earliest = notBefore(record)
  if (isForced(record)) return Number.isFinite(earliest) ? now : earliest
  return Math.max(plannedAt(record), earliest)
}

function isSendable(record: MutationRecord): record is Sendable {
  return record.state === 'queued' || record.state === 'waiting' || record.state === 'blocked'
}
