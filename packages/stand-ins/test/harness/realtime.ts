import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { jest } from '@jest/globals'
import { createClient, type RealtimeChannel, type SupabaseClient, type WebSocketLikeConstructor } from '@supabase/supabase-js'
import ws from 'ws'
import { createIdentity, createRealtimeGateway, type Identity, type RealtimeGateway, type RealtimeGatewayOptions } from '../../src/index.js'
import { FakeFeed } from './FakeFeed.js'
import { FakeMessages } from './FakeMessages.js'
import { until } from './until.js'

export const ANON_KEY = 'demo-anon-key'

/** A gateway on a server of its own, with real sign-in. */
export interface RealtimeHarness {
  url: string
  identity: Identity
  feed: FakeFeed
  /** What the database sends. */
  messages: FakeMessages
  gateway: RealtimeGateway
  /** The unmodified supabase-js, signed in with `token` (or with the anonymous key alone). */
  client(token?: string | (() => Promise<string>), options?: { vsn?: '1.0.0' | '2.0.0'; key?: string }): Promise<SupabaseClient>
  close(): Promise<void>
}

export async function openRealtime(options: Partial<RealtimeGatewayOptions> = {}): Promise<RealtimeHarness> {
  const refTimers = unrefTimers()
  const identity = await createIdentity(options.clock === undefined ? {} : { clock: options.clock })
  const feed = new FakeFeed()
  const messages = new FakeMessages()
  const gateway = createRealtimeGateway({ feed, messages, verify: identity.verify, systemDelayMs: 0, ...options })
  const server = createServer((_request, response) => void response.writeHead(404).end())
  gateway.attach(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const clients: SupabaseClient[] = []
  let isOpen = true
  return {
    url,
    identity,
    feed,
    messages,
    gateway,
    async client(token, { vsn = '2.0.0', key = ANON_KEY } = {}) {
      const reconnectAfterMs = () => {
        // One that lost its connection while it was told to leave would go on trying for good.
        if (!isOpen) queueMicrotask(() => client.realtime.reconnectTimer.reset())
        return 10
      }
      const client: SupabaseClient = createClient(url, key, {
        // ws is Node's stand-in for the browser's WebSocket; its type is only nearly the same.
        realtime: { transport: ws as unknown as WebSocketLikeConstructor, vsn, reconnectAfterMs },
        auth: { persistSession: false, autoRefreshToken: false },
        ...(typeof token === 'function' ? { accessToken: token } : {}),
      })
      clients.push(client)
      if (typeof token === 'string') await client.realtime.setAuth(token)
      if (typeof token === 'function') await client.realtime.setAuth()
      return client
    },
    async close() {
      isOpen = false
      for (const client of clients) await client.realtime.disconnect()
      gateway.close()
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
      refTimers()
    },
  }
}

/**
 * supabase-js leaves timers of 10 s behind (`disconnect`, and every push that gets no reply), which
 * must not keep the test process alive.
 * @returns the end of it
 */
function unrefTimers(): () => void {
  const { setTimeout: realTimeout } = globalThis
  const unrefd = (task: () => void, delayMs?: number) => realTimeout(task, delayMs).unref()
  const spy = jest.spyOn(globalThis, 'setTimeout').mockImplementation(unrefd as typeof setTimeout)
  return () => spy.mockRestore()
}

/** What a channel's callbacks were told. */
export interface Heard {
  channel: RealtimeChannel
  statuses: string[]
  errors: string[]
  systems: { status: string; message: string; extension: string }[]
  changes: Record<string, unknown>[]
}

/** Joins `topic` and listens to `bindings`; resolves as soon as the join was sent. */
export function listen(
  client: SupabaseClient,
  topic: string,
  bindings: Record<string, unknown>[] = [{ event: '*', schema: 'public', table: 'leads' }],
): Heard {
  const channel = client.channel(topic)
  const heard: Heard = { channel, statuses: [], errors: [], systems: [], changes: [] }
  for (const binding of bindings)
    channel.on('postgres_changes', binding as { event: '*'; schema: string }, (change) =>
      heard.changes.push(change as unknown as Record<string, unknown>),
    )
  channel.on('system', {}, (message: Heard['systems'][number]) => heard.systems.push(message))
  channel.subscribe((status, error) => {
    heard.statuses.push(status)
    if (error !== undefined) heard.errors.push(error.message)
  })
  return heard
}

/** Joins and waits until changes flow. */
export async function listenLive(...args: Parameters<typeof listen>): Promise<Heard> {
  const heard = listen(...args)
  await until(() => heard.statuses.includes('SUBSCRIBED') && heard.systems.some(({ status }) => status === 'ok'))
  return heard
}

/** What the callbacks of a channel with Broadcast were told. */
export interface HeardBroadcasts extends Pick<Heard, 'channel' | 'statuses' | 'errors' | 'systems'> {
  messages: Record<string, unknown>[]
}

/** Joins the private channel `topic` and listens to every broadcast; resolves as soon as the join was sent. */
export function listenPrivately(client: SupabaseClient, topic: string, config: Record<string, unknown> = {}): HeardBroadcasts {
  const channel = client.channel(topic, { config: { private: true, ...config } })
  const heard: HeardBroadcasts = { channel, statuses: [], errors: [], systems: [], messages: [] }
  channel.on('broadcast', { event: '*' }, (message) => heard.messages.push(message))
  channel.on('system', {}, (message: Heard['systems'][number]) => heard.systems.push(message))
  channel.subscribe((status, error) => {
    heard.statuses.push(status)
    if (error !== undefined) heard.errors.push(error.message)
  })
  return heard
}

/** Joins and waits until messages flow. */
export async function listenPrivatelyLive(...args: Parameters<typeof listenPrivately>): Promise<HeardBroadcasts> {
  const heard = listenPrivately(...args)
  await until(() => heard.statuses.includes('SUBSCRIBED'))
  return heard
}
