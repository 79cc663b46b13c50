import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import { jest } from '@jest/globals'
import { createIdentity, createRealtimeGateway, type FeedChange, type RealtimeGatewayOptions } from '@org/stand-ins'
import { createClient, type SupabaseClient, type WebSocketLikeConstructor } from '@supabase/supabase-js'
import ws from 'ws'
import type { Clock } from '../../src/ports/Clock.js'

const LONGEST_WAIT_MS = 20_000

/**
 * Lets real input and output go on until `holds`.
 * @throws {Error} when it does not within 20 s: a test that is given up would go on waiting, and keep its process
 */
export async function until(holds: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + LONGEST_WAIT_MS
  while (!holds()) {
    if (performance.now() > giveUpAt) throw new Error(`It did not come to this: ${holds}`)
    await after(1)
  }
}

/** The machine's time, `factor` times as fast for what waits on timers. Its timers keep no process alive. */
export function fastClock(factor: number): Clock {
  return {
    now: () => Date.now(),
    setTimer: (callback, delayMs) => {
      const timer = setTimeout(callback, delayMs / factor)
      timer.unref()
      return () => clearTimeout(timer)
    },
  }
}

/** The realtime gateway on a port of its own, with real tokens and the unmodified supabase-js. */
export async function openGateway(options: Partial<RealtimeGatewayOptions> = {}) {
  const restore = unrefNewTimers()
  const identity = await createIdentity()
  const listeners = new Set<(change: FeedChange) => void>()
  const gateway = createRealtimeGateway({
    feed: {
      subscribe: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    verify: identity.verify,
    systemDelayMs: 5,
    ...options,
  })
  const server = createServer((_request, response) => void response.writeHead(404).end())
  gateway.attach(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const clients: SupabaseClient[] = []

  return {
    gateway,
    identity,
    publish: (table: string, change: Pick<FeedChange, 'eventType' | 'new' | 'old'>, version = change.new?.version ?? 0) => {
      for (const listener of listeners) listener({ table, version, tenant: 'org-1', ...change })
    },
    /** @param vsn the serializer. @default the client's own, 2.0.0 */
    client: (accessToken?: () => Promise<string>, vsn?: '1.0.0' | '2.0.0'): SupabaseClient => {
      const client = createClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'demo-anon-key', {
        // ws is Node's stand-in for the browser's WebSocket; its type is only nearly the same.
        realtime: { transport: ws as unknown as WebSocketLikeConstructor, reconnectAfterMs: () => 10, ...(vsn && { vsn }) },
        auth: { persistSession: false, autoRefreshToken: false },
        ...(accessToken ? { accessToken } : {}),
      })
      clients.push(client)
      return client
    },
    /** Runs `first`, then closes clients, gateway and server. */
    close: async (first: () => void = () => {}) => {
      first()
      for (const client of clients) await client.realtime.disconnect()
      gateway.close()
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
      restore()
    },
  }
}

/** The client sets timers of up to 50 s that nothing clears; they must not keep the test process alive. */
function unrefNewTimers(): () => void {
  const { setTimeout: realTimeout } = globalThis
  const spy = jest
    .spyOn(globalThis, 'setTimeout')
    .mockImplementation(((task: () => void, ms?: number) => realTimeout(task, ms).unref()) as typeof setTimeout)
  return () => spy.mockRestore()
}
