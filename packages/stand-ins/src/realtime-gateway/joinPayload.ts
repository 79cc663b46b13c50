import * as z from 'zod'
import type { BindingParams } from './binding.js'

const flag = z.boolean().catch(false)
const joinSchema = z.object({
  config: z
    .object({
      broadcast: z.object({ ack: flag, self: flag }).catch({ ack: false, self: false }),
      postgres_changes: z.array(z.record(z.string(), z.unknown()).nullable().catch(null)).catch([]),
      private: flag,
    })
    .catch({ broadcast: { ack: false, self: false }, postgres_changes: [], private: false }),
  access_token: z.string().nullable().catch(null),
})

/** What a join asks for. */
export interface JoinRequest {
  bindings: readonly BindingParams[]
  isPrivate: boolean
  selfBroadcast: boolean
  ackBroadcast: boolean
  accessToken: string | null
}

/** Reads a join's payload, leniently as the real server does: what is malformed counts as absent. */
export function readJoin(payload: Record<string, unknown>): JoinRequest {
  const { config, access_token: accessToken } = joinSchema.parse(payload)
  return {
    bindings: config.postgres_changes.filter((params) => params !== null),
    isPrivate: config.private,
    selfBroadcast: config.broadcast.self,
    ackBroadcast: config.broadcast.ack,
    accessToken,
  }
}
