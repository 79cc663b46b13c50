import * as z from 'zod/mini'

export const META_KEY = 'meta'

const metaSchema = z.object({
  /** The last click's place in the order of all. */
  seq: z.number(),
  unfinished: z.number(),
  bytes: z.number(),
  /** Grows with every transaction that writes, by whatever tab. */
  revision: z.number(),
})

/** What the queue keeps about itself, in one entry. */
export type QueueMeta = z.infer<typeof metaSchema>

/** Reads the entry; one that is missing or damaged counts as a new queue's. */
export function toMeta(value: unknown): QueueMeta {
  const parsed = metaSchema.safeParse(value)
  return parsed.success ? parsed.data : { seq: 0, unfinished: 0, bytes: 0, revision: 0 }
}
