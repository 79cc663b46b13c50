import { createClient, RESP_TYPES } from 'redis'
import { TimeLimit } from '../time/TimeLimit.js'
import { RedisUnavailableError } from './RedisUnavailableError.js'

export interface RedisConnectionOptions {
  url: string
  /** After a command that timed out, how long commands fail at once instead of waiting too. @default 1_000 */
  pauseMs?: number
  /** Hears of lost connections, once per attempt; the connection mends itself. */
  onError: (error: unknown) => void
}

/** A Redis that never makes a request wait: commands fail at once while it is away, and soon when it is slow. */
export interface RedisConnection {
  /**
   * Sends one command; bulk strings of the reply are Buffers. Rejects with `RedisUnavailableError` or
   * Redis' own error, after `timeoutMs` (150 by default) at the latest.
   */
  send(command: readonly (string | Buffer)[], timeoutMs?: number): Promise<unknown>
  readonly isUp: boolean
  close(): Promise<void>
}

// Given once: given with each command the client copies them anew, which takes longer than to encode it. No time limit of
// the client's own: it costs an AbortSignal a command and ends once the command is written.
const COMMAND_OPTIONS = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer }, timeout: 0 } as const
const COMMAND_TIMEOUT_MS = 150
const LONGEST_RECONNECT_MS = 2_000
// Bounds what piles up behind a Redis that accepts commands and answers none.
const QUEUE_LIMIT = 5_000

/** Opens the connection without waiting for it: a start must not depend on Redis. */
export function connectRedis({ url, pauseMs = 1_000, onError }: RedisConnectionOptions): RedisConnection {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    commandOptions: COMMAND_OPTIONS,
    commandsQueueMaxLength: QUEUE_LIMIT,
    socket: { connectTimeout: 2_000, reconnectStrategy: (retries) => Math.min(50 * 2 ** Math.min(retries, 8), LONGEST_RECONNECT_MS) },
  })
  let pausedUntil = 0
  const limits = new Map<number, TimeLimit>()
  const limitOf = (timeoutMs: number): TimeLimit => {
    const known = limits.get(timeoutMs)
    if (known !== undefined) return known
    const limit = new TimeLimit(timeoutMs, () => {
      // An impatient caller gave up early, which says nothing about Redis.
      if (timeoutMs >= COMMAND_TIMEOUT_MS) pausedUntil = performance.now() + pauseMs
      return new RedisUnavailableError(`Redis did not answer within ${timeoutMs} ms`)
    })
    limits.set(timeoutMs, limit)
    return limit
  }
  client.on('error', onError)
  // With a reconnect strategy the promise only rejects when the client is closed meanwhile.
  client.connect().catch(onError)

  return {
    get isUp() {
      return client.isReady && performance.now() >= pausedUntil
    },
    send(command, timeoutMs = COMMAND_TIMEOUT_MS) {
      if (!client.isReady) return Promise.reject(new RedisUnavailableError('Redis is not connected'))
      if (performance.now() < pausedUntil) return Promise.reject(new RedisUnavailableError('Redis did not answer a moment ago'))
      return limitOf(timeoutMs).watch(client.sendCommand(command))
    },
    async close() {
      client.destroy()
    },
  }
}
