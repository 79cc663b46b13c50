import * as z from 'zod/mini'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import { isUnfinished } from '../mutation/mutationState.js'

export const META_KEY = 'meta'

/** So many of the last transactions name what they wrote, for tabs that have not been told yet. */
const MOST_RECENT = 8
/** ... as long as these are not more entries than this, which two transactions of a long queue stay below. */
const MOST_RECENT_KEYS = 160

const metaSchema = z.object({
  /** When this database's count began, which tells it from one that was cleared or deleted. */
  bornAt: z.number(),
  /** The last click's place in the order of all. */
  seq: z.number(),
  unfinished: z.number(),
  bytes: z.number(),
  /** Grows with every transaction that writes, by whatever tab. */
  revision: z.number(),
  /** The keys that the last revisions wrote, the newest revision last. */
  recent: z.optional(z.array(z.array(z.string()))),
})

/** What the queue keeps about itself, in one entry. */
export type QueueMeta = z.infer<typeof metaSchema>

/** Reads the entry; undefined when it is missing or damaged. */
export function toMeta(value: unknown): QueueMeta | undefined {
  const parsed = metaSchema.safeParse(value)
  return parsed.success ? parsed.data : undefined
}

/**
 * What the entry must say of these records. It starts with a revision that no tab has met: by the clock, as
 * counting alone would have needed a thousand commits a second to get there. The same goes for the clicks of a new
 * database: what a tab writes back from the one before comes first.
 */
export function rebuildMeta(records: readonly MutationRecord[], now: number): QueueMeta {
  const meta = { bornAt: now, seq: records.length === 0 ? now : 0, unfinished: 0, bytes: 0, revision: now }
  for (const record of records) {
    meta.seq = Math.max(meta.seq, record.seq ?? 0)
    meta.unfinished += weightOf(record)
    meta.bytes += weightOf(record) * record.bytes
  }
  return meta
}

/** 1 when the record counts towards the queue's limit. A bulk mutation's children count for it. */
export function weightOf(record: MutationRecord | undefined): number {
  return record !== undefined && record.children === undefined && isUnfinished(record) ? 1 : 0
}

/** The entry after a transaction that wrote `keys`. */
export function nextRevision(meta: QueueMeta, keys: readonly string[]): QueueMeta {
  const recent = [...(meta.recent ?? []), [...keys]]
  while (recent.length > MOST_RECENT || recent.flat().length > MOST_RECENT_KEYS) recent.shift()
  return { ...meta, revision: meta.revision + 1, recent }
}

/** The keys written after `revision`; undefined when they are not remembered any more. */
export function writtenSince({ revision, recent = [] }: QueueMeta, since: number): readonly string[] | undefined {
  const missed = revision - since
  if (missed < 0 || missed > recent.length) return undefined
  return missed === 0 ? [] : recent.slice(-missed).flat()
}
