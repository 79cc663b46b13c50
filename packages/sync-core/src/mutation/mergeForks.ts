import type { MutationRecord, Single, SingleRecord } from './MutationRecord.js'
import { hasEnded, isBulk } from './mutationState.js'

type Ended = Extract<MutationRecord, { state: 'settled' | 'dead' }>

export interface ForkOptions {
  /** The tab that held `memory`: alive, so an attempt of its own is under way. */
  tabId: string
}

/**
 * One mutation that went on in two places, a tab's memory and what is stored, which did not hear of each other.
 * An ending wins, a success above all; else the living sender's state, or that of whoever got further. Revisions of two forks
 * say nothing about each other, so the result is newer than both. Its place is the stored one. Pure.
 */
export function mergeForks(memory: MutationRecord, stored: MutationRecord, options: ForkOptions): MutationRecord {
  const kept = { rev: Math.max(memory.rev, stored.rev) + 1, seq: stored.seq, storedAt: stored.storedAt }
  if (hasEnded(memory) || hasEnded(stored)) return { ...endingOf(memory, stored), ...kept }
  if (isBulk(memory) || isBulk(stored)) return { ...memory, ...kept }
  const leading = isAhead(memory, stored, options) ? memory : stored
  const other = leading === memory ? stored : memory
  const expectedVersion = leading.expectedVersion ?? other.expectedVersion
  const merged = {
    ...leading,
    ...kept,
    ambiguous: leading.ambiguous || other.ambiguous || isAnotherAttempt(other, leading),
    expectedVersion,
  }
  // An attempt under way keeps its number, else its answer would be refused.
  if (merged.state === 'sending') return merged
  const attempts = Math.max(memory.attempts, stored.attempts)
  if (merged.state !== 'queued' && merged.state !== 'waiting') return { ...merged, attempts }
  return { ...merged, attempts, nextAttemptAt: laterOf(merged, other) }
}

function isAhead(memory: SingleRecord, stored: SingleRecord, { tabId }: ForkOptions): boolean {
  // What another tab does, storage knows better.
  if (memory.state === 'sending') return memory.sender === tabId
  // A claim of its own that landed after it was given up is no attempt.
  if (stored.state === 'sending') return stored.sender === tabId
  return memory.attempts >= stored.attempts
}

// One that nobody will hear the answer of.
function isAnotherAttempt(other: SingleRecord, leading: SingleRecord): boolean {
  if (other.state !== 'sending') return false
  return leading.state !== 'sending' || leading.sender !== other.sender || leading.attempts !== other.attempts
}

function laterOf({ nextAttemptAt }: Single<'queued' | 'waiting'>, other: SingleRecord): number | null {
  const planned = other.state === 'queued' || other.state === 'waiting' ? other.nextAttemptAt : null
  return nextAttemptAt === null || planned === null ? (nextAttemptAt ?? planned) : Math.max(nextAttemptAt, planned)
}

function endingOf(memory: MutationRecord, stored: MutationRecord): Ended {
  const endings = [memory, stored].filter(hasEnded)
  const best = endings.find(tookEffect) ?? endings[0]!
  const versions = endings.map(({ ackedVersions }) => ackedVersions ?? {})
  const told = endings.map(({ notifiedAt }) => notifiedAt).find((at) => at !== undefined)
  const isSettled = endings.some(({ state }) => state === 'settled')
  return {
    ...best,
    // A person saw it, wherever that was.
    state: isSettled ? 'settled' : best.state,
    notifiedAt: told,
    ...(versions.every((acked) => Object.keys(acked).length === 0) ? {} : { ackedVersions: highest(versions) }),
  } as Ended
}

function tookEffect({ result }: Ended): boolean {
  return result.outcome === 'success' || result.outcome === 'partial'
}

function highest(versions: readonly Record<string, number>[]): Record<string, number> {
  const highest: Record<string, number> = {}
  for (const [lane, version] of versions.flatMap((acked) => Object.entries(acked))) highest[lane] = Math.max(version, highest[lane] ?? 0)
  return highest
}
