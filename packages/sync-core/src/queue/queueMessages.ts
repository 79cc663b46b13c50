import { z } from '@org/contracts/client'
import type { TabMessages } from '../tabs/TabTalk.js'
import type { Entry } from './entry.js'
import type { Position } from './meta.js'

const positionSchema = z.object({ birth: z.string(), seq: z.number(), revision: z.number() })

const messageSchema = z.discriminatedUnion('type', [
  /** A tab is new here. */
  z.object({ type: z.literal('hello') }),
  /** ... and learns that it is not alone. */
  z.object({ type: z.literal('here') }),
  /** A tab has left storage: what it does with a click, no other one can read. Or it has come back. */
  z.object({ type: z.literal('away') }),
  z.object({ type: z.literal('back') }),
  z.object({
    type: z.literal('records'),
    from: positionSchema,
    to: positionSchema,
    writes: z.array(z.object({ id: z.string(), value: z.unknown() })),
  }),
])

/** What tabs of one user tell each other about their queue. */
export type QueueMessage = z.infer<typeof messageSchema>

export const QUEUE_MESSAGES: TabMessages<QueueMessage> = { room: 'queue', channel: '', schema: messageSchema }

/** What another tab wrote, by the mutations' keys; what is gone is undefined. */
export type Written = ReadonlyMap<string, Entry | undefined>

/** Tells what a transaction wrote. */
export function newsOf(written: Written, from: Position, to: Position): QueueMessage {
  return { type: 'records', from: bare(from), to: bare(to), writes: [...written].map(([id, value]) => ({ id, value })) }
}

function bare({ birth, seq, revision }: Position): Position {
  return { birth, seq, revision }
}
