import { z } from '@org/contracts/client'

const originMessageSchema = z.discriminatedUnion('type', [
  /** Something about who is signed in changed: ask. Whom to adopt, no message says. */
  z.object({ type: z.literal('ask') }),
  /** This user signed out; `scope` is hash(tenant, user). */
  z.object({ type: z.literal('signed-out'), scope: z.string() }),
])

export type OriginMessage = z.infer<typeof originMessageSchema>

/** Reads what a tab said to all tabs of the origin; undefined: none of ours says that. */
export function readOriginMessage(message: unknown): OriginMessage | undefined {
  const parsed = originMessageSchema.safeParse(message)
  return parsed.success ? parsed.data : undefined
}
