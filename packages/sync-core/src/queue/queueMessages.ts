import { z } from '@org/contracts/client'
import type { QueueEntry } from './entry.js'
import type { Committed, Position } from './StoredQueue.js'

const positionSchema = z.object({ birth: z.string(), seq: z.number(), revision: z.number() })

const messageSchema = z.discriminatedUnion('type', [
  /** A tab is new here. */
  z.object({ type: z.literal('hello'), scope: z.string() }),
  /** ... and learns that it is not alone. */
  z.object({ type: z.literal('here'), scope: z.string() }),
  /** A tab has left storage: what it does with a click, no other one can read. Or it has come back. */
  z.object({ type: z.literal('away'), scope: z.string(), tab: z.string() }),
  z.object({ type: z.literal('back'), scope: z.string(), tab: z.string() }),
  z.object({
    type: z.literal('records'),
    scope: z.string(),
    from: positionSchema,
    to: positionSchema,
    writes: z.array(z.object({ id: z.string(), value: z.unknown() })),
  }),
])

/** What tabs of one user tell each other about their queue. */
export type QueueMessage = z.infer<typeof messageSchema>

/** Reads a message; undefined when it is none of a tab of this user. */
export function readMessage(message: unknown, scope: string): QueueMessage | undefined {
  const parsed = messageSchema.safeParse(message)
  return parsed.success && parsed.data.scope === scope ? parsed.data : undefined
}

/** Tells what a transaction wrote. */
export function newsOf({ writes, from, to }: Pick<Committed, 'writes' | 'from' | 'to'>) {
  return { type: 'records', from: bare(from), to: bare(to), writes: writes.map(toWire) } as const
}

function toWire({ id, record }: QueueEntry) {
  return { id, value: record }
}

function bare({ birth, seq, revision }: Position): Position {
  return { birth, seq, revision }
}
