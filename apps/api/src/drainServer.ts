import type { Server } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

const IDLE_CHECK_MS = 100

/**
 * Closes a server without cutting off a request: waits until balancers have seen that it is not ready,
 * takes no more connections, and lets those under way finish for at most `drainMs`.
 */
export async function drainServer(server: Server, { delayMs, drainMs }: { delayMs: number; drainMs: number }): Promise<void> {
  await wait(delayMs)
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // A connection that falls idle later would otherwise stay open for the whole keep-alive time.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS)
  const tooLong = new AbortController()
  await Promise.race([closed, wait(drainMs, undefined, { signal: tooLong.signal }).catch(() => undefined)])
  tooLong.abort()
  clearInterval(idle)
  server.closeAllConnections()
}
