import type { Entry, StorageReader } from '../ports/MutationStorage.js'
import { Draft, type QueueEntry } from './Draft.js'
import { META_KEY, toMeta, writtenSince } from './meta.js'

/** What is stored, after reading what this tab did not know. */
export interface CaughtUp {
  draft: Draft
  /** What others wrote, as far as this tab had not been told. */
  learned: readonly QueueEntry[]
  /** There was no entry about the queue, or it was damaged. */
  lacksMeta: boolean
}

/** Reads what was written since: the changed entries that the queue's own one names, and the places taken. All, when that is not enough. */
export async function catchUp(known: Draft, reader: StorageReader, now: number): Promise<CaughtUp> {
  if (known.meta.revision < 0) return readAll(known, await reader.entries(), now)
  const [[value], added] = await Promise.all([reader.getMany([META_KEY]), reader.keysAfter(known.meta.seq)])
  const meta = toMeta(value)
  const changed = meta?.bornAt === known.meta.bornAt ? writtenSince(meta, known.meta.revision) : undefined
  if (meta === undefined || changed === undefined) return readAll(known, await reader.entries(), now)
  const missed = [...new Set([...changed, ...added])]
  const values = await reader.getMany(missed)
  const learned = missed.map((key, index) => known.learn(key, values[index]))
  known.meta = { ...meta, seq: Math.max(known.meta.seq, meta.seq) }
  return { draft: known, learned, lacksMeta: false }
}

function readAll(known: Draft, entries: readonly Entry[], now: number): CaughtUp {
  const meta = toMeta(entries.find(([key]) => key === META_KEY)?.[1])
  // Made anew with a revision that no tab has met: by the clock, as counting would need a thousand commits a second.
  // The same goes for the places in an empty database: what a tab writes back from the one before comes first.
  const draft = Draft.of(entries, meta ?? { bornAt: now, seq: entries.length === 0 ? now : 0, revision: now })
  const gone = known.writes().filter(({ id }) => draft.find(id) === undefined)
  const learned = [...draft.writes(), ...gone.map((entry) => ({ ...entry, value: undefined }))]
  return { draft, learned, lacksMeta: meta === undefined }
}
