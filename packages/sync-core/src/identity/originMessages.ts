import { z } from '@org/contracts/client'
import type { TabMessages } from '../tabs/TabTalk.js'

const originMessageSchema = z.discriminatedUnion('type', [
  /** Something about who is signed in changed: ask. Whom to adopt, no message says. */
  z.object({ type: z.literal('asked-elsewhere') }),
  /** This user signed out; `user` is hash(tenant, user). */
  z.object({ type: z.literal('signed-out-elsewhere'), user: z.string() }),
])

export type OriginMessage = z.infer<typeof originMessageSchema>

/** What a tab says to all tabs of the origin, whoever is signed in there. */
export const ORIGIN_MESSAGES: TabMessages<OriginMessage> = { room: 'identity', channel: '', schema: originMessageSchema }
