import type { Server } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

/** The requests a server is working on. */
export interface RequestsUnderWay {
  readonly count: number
  /** Resolves when there is none. */
  none(): Promise<void>
}

/** Counts requests from their headers to the end of their answer. Call it before the server listens. */
export function countRequests(server: Server): RequestsUnderWay {
  let count = 0
  let waiting: (() => void)[] = []
  server.on('request', (_req, res) => {
    count += 1
    res.once('close', () => {
      count -= 1
      if (count > 0) return
      for (const resolve of waiting) resolve()
      waiting = []
    })
  })
  return {
    get count() {
      return count
    },
    none: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  }
}

export interface DrainOptions {
  requests: RequestsUnderWay
  /** How long balancers may take to see that it is not ready. */
  delayMs: number
  /** How long requests under way may take to finish. */
  drainMs: number
}

/**
 * Closes a server without cutting off a request: waits for balancers, takes no more connections, lets
 * requests under way finish, then ends every connection. Connections without a request would otherwise
 * hold it open, those that never sent one above all.
 */
export async function drainServer(server: Server, { requests, delayMs, drainMs }: DrainOptions): Promise<void> {
  await wait(delayMs)
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const tooLong = new AbortController()
  await Promise.race([requests.none(), wait(drainMs, undefined, { signal: tooLong.signal }).catch(() => undefined)])
  tooLong.abort()
  server.closeAllConnections()
  // What was upgraded (websockets) belongs to whoever upgraded it, and does not hold up the stop.
  const upgraded = new AbortController()
  await Promise.race([closed, wait(100, undefined, { signal: upgraded.signal }).catch(() => undefined)])
  upgraded.abort()
}
