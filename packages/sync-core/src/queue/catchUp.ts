import type { StorageReader } from '../ports/MutationStorage.js'
import { Draft } from './Draft.js'
import type { ReadEntry } from './entry.js'
import { META_KEY, toMeta, writtenSince } from './meta.js'

/** What is stored, after reading what this tab did not know. */
export interface CaughtUp {
  /** Drafted over what was known, or in its place when all was read. */
  draft: Draft
  isWhole: boolean
  /** There was no entry about the queue, or it was damaged. */
  lacksMeta: boolean
}

export interface CatchUpOptions {
  read: ReadEntry
  now: number
  /** Names a database that has no name yet. */
  makeBirth: () => string
}

/** Reads what was written since: the changed entries that the queue's own one names, and the places taken. All, when that is not enough. */
export async function catchUp(known: Draft, reader: StorageReader, options: CatchUpOptions): Promise<CaughtUp> {
  if (known.meta.revision < 0) return readAll(known, reader, options)
  const [[value], added] = await Promise.all([reader.getMany([META_KEY]), reader.keysAfter(known.meta.seq)])
  const meta = toMeta(value)
  const changed = meta?.birth === known.meta.birth ? writtenSince(meta, known.meta.revision) : undefined
  if (meta === undefined || changed === undefined) return readAll(known, reader, options)
  const missed = [...new Set([...changed, ...added])]
  const values = await reader.getMany(missed)
  const draft = new Draft(known)
  for (const [index, key] of missed.entries()) draft.learn(options.read(key, values[index]))
  draft.meta = { ...meta, seq: Math.max(draft.meta.seq, meta.seq) }
  return { draft, isWhole: false, lacksMeta: false }
}

/** Reads everything, in place of what is known. */
export async function readAll(known: Draft, reader: StorageReader, { read, now, makeBirth }: CatchUpOptions): Promise<CaughtUp> {
  const stored = await reader.entries()
  const meta = toMeta(stored.find(([key]) => key === META_KEY)?.[1])
  const entries = stored.filter(([key]) => key !== META_KEY).map(([key, value]) => read(key, value))
  // In an empty database places begin at the clock: those that tabs write back from the one before it come first.
  const draft = Draft.of(entries, meta ?? { birth: makeBirth(), seq: entries.length === 0 ? now : 0, revision: 0 })
  draft.news = known.news + 1
  return { draft, isWhole: true, lacksMeta: meta === undefined }
}
