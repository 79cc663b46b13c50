/** What a project's plan allows. */
export interface GatewayLimits {
  /** Messages a second over all channels, each delivery counted, averaged over a minute. @default Infinity */
  messagesPerSecond: number
  /** Joins a second, averaged over a minute. @default Infinity */
  joinsPerSecond: number
  /** Larger messages are dropped. Bytes. @default 256,500, as on the smallest plan */
  payloadBytes: number
}

export const DEFAULT_LIMITS: GatewayLimits = {
  messagesPerSecond: Number.POSITIVE_INFINITY,
  joinsPerSecond: Number.POSITIVE_INFINITY,
  payloadBytes: 256 * 1_000 + 500,
}
