import type { Single } from '../mutation/MutationRecord.js'
import type { Prospect } from './Outlook.js'
import { failedAtOf } from './Recovery.js'

const FIRST_MS = 30_000
const LONGEST_MS = 15 * 60_000

/**
 * Which of the blocked mutations finds out whether the way is clear, and when: the one that was not tried for the
 * longest time, half a minute after the last one was, then twice as long each time, up to a quarter of an hour; at
 * once when the platform says that it may be worth trying. They are all of one origin. Pure.
 */
export function chooseProbe(
  blocked: readonly Single<'blocked'>[],
  { now, hintedAt, notBefore }: Pick<Prospect, 'now' | 'hintedAt' | 'notBefore'>,
): { record: Single<'blocked'>; at: number } | undefined {
  const candidates = blocked.filter((record) => Number.isFinite(notBefore(record)))
  if (candidates.length === 0) return undefined
  const triedAt = (record: Single<'blocked'>) => failedAtOf(record, now)
  const record = candidates.reduce((oldest, other) => (triedAt(other) < triedAt(oldest) ? other : oldest))
  const lastAt = Math.max(...candidates.map(triedAt))
  const probes = candidates.reduce((sum, { probes }) => sum + (probes ?? 0), 0)
  const at = hintedAt > lastAt ? hintedAt : lastAt + Math.min(LONGEST_MS, FIRST_MS * 2 ** probes)
  return { record, at: Math.max(at, notBefore(record)) }
}
