import type { StorageKey, StorageReader } from '../ports/MutationStorage.js'
import { Draft } from './Draft.js'
import { type Entry, placeOf, type ReadEntry, Unreadable } from './entry.js'
import { META_KEY, NEW_REVISION, toMeta, UNSURE, writtenSince } from './meta.js'
import type { Records } from './Records.js'

export interface ReadStoredOptions {
  read: ReadEntry
  now: number
  /** Names a database that has no name yet. */
  makeBirth: () => string
}

/**
 * What is stored, drafted over what this tab knows of it: reads the changed entries that the queue's own one names, and
 * the places taken since. All, when that is not enough.
 */
export async function readStored(known: Records, reader: StorageReader, options: ReadStoredOptions): Promise<Draft> {
  const { birth, seq, revision } = known.meta
  if (revision === UNSURE) return readAll(known, reader, options)
  const [[value], added] = await Promise.all([reader.getMany([META_KEY]), reader.keysAfter(seq)])
  const meta = toMeta(value)
  const changed = meta?.birth === birth ? writtenSince(meta, revision) : undefined
  if (meta === undefined || changed === undefined) return readAll(known, reader, options)
  const keys = [...new Set([...changed, ...added])]
  const values = await reader.getMany(keys)
  const draft = new Draft(known)
  for (const [index, key] of keys.entries()) {
    const entry = options.read(key, values[index])
    const there = isAt(known, entry, key) ? entry : known.stored().find((other) => placeOf(other) === key)
    if (there !== undefined && there.id !== entry?.id) draft.remove(there.id)
    if (entry !== undefined) draft.set(entry.id, entry)
  }
  draft.meta = { ...meta, seq: Math.max(draft.meta.seq, meta.seq) }
  draft.news += keys.length
  return draft
}

async function readAll(known: Records, reader: StorageReader, { read, now, makeBirth }: ReadStoredOptions): Promise<Draft> {
  const stored = new Map(await reader.entries())
  const meta = toMeta(stored.get(META_KEY))
  stored.delete(META_KEY)
  const draft = new Draft(known)
  // In an empty database places begin at the clock: those that tabs write back from the one before it come first.
  draft.meta = meta ?? { birth: makeBirth(), seq: stored.size === 0 ? now : 0, revision: NEW_REVISION }
  draft.news += 1
  const ids = new Set<string>()
  for (const [key, value] of stored) {
    const entry = read(key, value)
    if (entry === undefined) continue
    ids.add(entry.id)
    if (isSame(known.find(entry.id), entry)) draft.takePlace(key)
    else draft.set(entry.id, entry)
  }
  for (const { id } of known.stored()) if (!ids.has(id)) draft.remove(id)
  return draft
}

function isAt(known: Records, entry: Entry | undefined, key: StorageKey): boolean {
  const there = entry && known.find(entry.id)
  return (there !== undefined && placeOf(there) === key) || (typeof key === 'number' && key > known.meta.seq)
}

function isSame(before: Entry | undefined, after: Entry): boolean {
  if (before === undefined || placeOf(before) !== placeOf(after)) return false
  if (before instanceof Unreadable || after instanceof Unreadable) return before instanceof Unreadable && after instanceof Unreadable
  return before.rev === after.rev && before.state === after.state
}
