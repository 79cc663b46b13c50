import { z } from '@org/contracts/client'
import type { StorageKey } from '../ports/MutationStorage.js'

export const META_KEY = 'meta'

/** Of a database that says nothing about itself yet: none that is stored has it. */
export const NEW_REVISION = 0
/** Of a tab that does not know how often what is stored was changed. */
export const UNSURE = -1

/** So many of the last transactions name what they changed, for tabs that have not been told yet. */
const MOST_RECENT = 8
/** ... as long as these are not more entries than this, which two transactions of a long queue stay below. */
const MOST_RECENT_KEYS = 160

const metaSchema = z.object({
  /** Made with this database, at random: tells it from one that was cleared or deleted. */
  birth: z.string(),
  /** The last place in the order of all clicks that was taken when something was last changed; no place is given twice. */
  seq: z.number(),
  /** Grows with every transaction that changes what was stored, by whatever tab. New clicks alone change nothing. */
  revision: z.number(),
  /** The keys that the last revisions wrote, the newest revision last. */
  recent: z.optional(z.array(z.array(z.union([z.string(), z.number()])))),
})

/** What the queue keeps about itself, in one entry. */
export type QueueMeta = z.infer<typeof metaSchema>

/** How far a tab knows what is stored: in which database, the last place that was taken, and how often stored entries were changed. */
export type Position = Pick<QueueMeta, 'birth' | 'seq' | 'revision'>

/** Reads the entry; undefined when it is missing or damaged. */
export function toMeta(value: unknown): QueueMeta | undefined {
  const parsed = metaSchema.safeParse(value)
  return parsed.success ? parsed.data : undefined
}

/** The entry after a transaction that wrote `keys`. */
export function nextRevision(meta: QueueMeta, keys: readonly StorageKey[]): QueueMeta {
  const recent = [...(meta.recent ?? []), [...keys]]
  while (recent.length > MOST_RECENT || recent.flat().length > MOST_RECENT_KEYS) recent.shift()
  return { ...meta, revision: meta.revision + 1, recent }
}

/** The keys written after `revision`; undefined when they are not remembered any more. */
export function writtenSince({ revision, recent = [] }: QueueMeta, since: number): readonly StorageKey[] | undefined {
  const missed = revision - since
  if (missed < 0 || missed > recent.length) return undefined
  return missed === 0 ? [] : recent.slice(-missed).flat()
}
