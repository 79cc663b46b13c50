import { type MutationRecord, parseRecord } from '../mutation/MutationRecord.js'
import type { StorageKey } from '../ports/MutationStorage.js'

/** A stored entry this client cannot work with. It goes by its key in storage, is shown, and is left as it is. */
export class Unreadable {
  readonly id: string

  constructor(
    readonly key: StorageKey,
    readonly code: 'ENTRY_UNREADABLE' | 'ENTRY_NEWER',
    readonly reason: string,
  ) {
    this.id = String(key)
  }
}

/** What a queue holds: mutations, each stored at its place in the order of all clicks, and what cannot be read. */
export type Entry = MutationRecord | Unreadable

/** Reads what is stored under `key`, or what another tab says is; undefined when nothing is. */
export type ReadEntry = (key: StorageKey, value: unknown) => Entry | undefined

/** The border to storage: reads entries of one user's queue. */
export function entryReader({ actor, tenant }: { actor: string; tenant: string }): ReadEntry {
  return (key, value) => {
    if (value === undefined) return undefined
    const parsed = parseRecord(value)
    if (parsed.kind === 'newer') return new Unreadable(key, 'ENTRY_NEWER', `it was written by version ${parsed.version}; reload this page`)
    if (parsed.kind === 'unreadable') return new Unreadable(key, 'ENTRY_UNREADABLE', parsed.reason)
    const { record } = parsed
    if (record.seq === null) return new Unreadable(key, 'ENTRY_UNREADABLE', 'it has no place')
    const isOwn = record.actor === actor && record.tenant === tenant
    return isOwn ? record : new Unreadable(key, 'ENTRY_UNREADABLE', 'it belongs to another user')
  }
}

/** The mutation, unless there is none or it cannot be read. */
export function recordOf(entry: Entry | undefined): MutationRecord | undefined {
  return entry instanceof Unreadable ? undefined : entry
}

/** Where it is stored; null: it is not. */
export function placeOf(entry: Entry): StorageKey | null {
  return entry instanceof Unreadable ? entry.key : entry.seq
}
