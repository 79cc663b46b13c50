import type { MutationRecord } from '../mutation/MutationRecord.js'
import { mergeForks } from '../mutation/mergeForks.js'
import { Draft } from './Draft.js'
import { type EntryChange, isGone, type QueueEntry } from './entry.js'
import type { Reached } from './writeBack.js'

/** What disk may hold of what this tab knows, since it was left. */
export class Away {
  /** Revisions as they were on disk. */
  readonly #stored = new Map<string, number>()
  readonly #doubted = new Set<string>()

  constructor(known: Draft) {
    for (const { record } of known.entries()) if (record !== undefined) this.isStored(record)
  }

  isStored({ id, rev }: MutationRecord): void {
    this.#stored.set(id, rev)
  }

  /** A transaction hung that was to write these. */
  doubt(entries: readonly QueueEntry[]): void {
    for (const { id } of entries) this.#doubted.add(id)
  }

  reached({ id }: Pick<MutationRecord, 'id'>): Reached {
    if (this.#stored.has(id)) return 'disk'
    return this.#doubted.has(id) ? 'maybe' : 'never'
  }

  /** It is as it was there when this tab last heard. */
  isUntouched({ id, rev }: MutationRecord): boolean {
    return this.#stored.get(id) === rev
  }
}

/** A tab that still has storage told what it wrote: brings it together with what this tab holds in memory. */
export function hear(known: Draft, entries: readonly QueueEntry[], away: Away, options: { tabId: string }): EntryChange[] {
  const draft = new Draft(known)
  for (const entry of entries) {
    const own = draft.get(entry.id)
    const { record } = entry
    if (isGone(entry) && own !== undefined && away.reached(own) === 'disk') draft.remove(own.id)
    if (record === undefined) continue
    draft.write(own === undefined || away.isUntouched(own) ? record : mergeForks(own, record, options))
    away.isStored(record)
  }
  return known.absorb(draft)
}
