import { type MutationRecord, parseRecord } from '../mutation/MutationRecord.js'
import type { StorageKey } from '../ports/MutationStorage.js'

/** Why a stored entry is of no use to this client. It is shown and left as it is. */
export interface Problem {
  code: 'ENTRY_UNREADABLE' | 'ENTRY_NEWER'
  reason: string
}

/** One stored entry as the queue knows it: a mutation, one that cannot be read, or one that is gone. */
export interface QueueEntry {
  /** The mutation's key. What cannot be read goes by its key in storage. */
  id: string
  /** Where it is stored: a click's place in the order of all. */
  key: StorageKey
  record: MutationRecord | undefined
  problem: Problem | undefined
}

/** An entry that came, changed or went, for whatever reason. */
export interface EntryChange {
  before: QueueEntry | undefined
  after: QueueEntry
}

/** Reads what is stored under `key`, or what another tab says is. */
export type ReadEntry = (key: StorageKey, value: unknown) => QueueEntry

/** The border to storage: reads entries of one user's queue. */
export function entryReader({ actor, tenant }: { actor: string; tenant: string }): ReadEntry {
  const problemOf = (value: unknown): MutationRecord | Problem => {
    const parsed = parseRecord(value)
    if (parsed.kind === 'newer') return { code: 'ENTRY_NEWER', reason: `it was written by version ${parsed.version}; reload this page` }
    if (parsed.kind === 'unreadable') return { code: 'ENTRY_UNREADABLE', reason: parsed.reason }
    const { record } = parsed
    if (record.seq === null) return { code: 'ENTRY_UNREADABLE', reason: 'it has no place' }
    const isOwn = record.actor === actor && record.tenant === tenant
    return isOwn ? record : { code: 'ENTRY_UNREADABLE', reason: 'it belongs to another user' }
  }
  return (key, value) => {
    if (value === undefined) return gone(String(key), key)
    const read = problemOf(value)
    return 'code' in read
      ? { id: String(key), key, record: undefined, problem: read }
      : { id: read.id, key, record: read, problem: undefined }
  }
}

/** The entry of a mutation. */
export function entryOf(record: MutationRecord, key: StorageKey): QueueEntry {
  return { id: record.id, key, record, problem: undefined }
}

/** Nothing is there any more. */
export function gone(id: string, key: StorageKey): QueueEntry {
  return { id, key, record: undefined, problem: undefined }
}

export function isGone({ record, problem }: QueueEntry): boolean {
  return record === undefined && problem === undefined
}
