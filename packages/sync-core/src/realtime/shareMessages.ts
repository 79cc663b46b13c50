import { z } from '@org/contracts/client'
import type { TabMessages } from '../tabs/TabTalk.js'

const statusSchema = z.enum(['connecting', 'flowing', 'polling', 'lost'])

const shareMessageSchema = z.discriminatedUnion('type', [
  /** The leader lives, and these are the feeds it has. */
  z.object({ type: z.literal('lead'), term: z.number(), feeds: z.record(z.string(), statusSchema) }),
  /** ... and one of them changed. */
  z.object({ type: z.literal('status'), term: z.number(), table: z.string(), status: statusSchema, reason: z.optional(z.string()) }),
  /** ... and one of them brought this, unchecked as it came over the wire. */
  z.object({ type: z.literal('change'), term: z.number(), table: z.string(), change: z.unknown() }),
  /** A follower: these tables, please. None: it goes. */
  z.object({ type: z.literal('want'), tables: z.array(z.string()) }),
])

export type ShareMessage = z.infer<typeof shareMessageSchema>
export type LeaderMessage = Exclude<ShareMessage, { type: 'want' }>

/** What tabs tell each other about the one connection they share. */
export const SHARE_MESSAGES: TabMessages<ShareMessage> = {
  room: 'realtime',
  channel: ':realtime',
  schema: shareMessageSchema,
}
