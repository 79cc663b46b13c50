import { afterEach, describe, expect, it } from '@jest/globals'
import type { RealtimeGatewayOptions } from '../src/index.js'
import { FakeClock } from './harness/FakeClock.js'
import { aChange, aDeletion } from './harness/FakeFeed.js'
import { refusedUpgrade } from './harness/rawSocket.js'
import { ANON_KEY, listen, listenLive, openRealtime, type RealtimeHarness } from './harness/realtime.js'
import { until } from './harness/until.js'

let harness: RealtimeHarness

afterEach(() => harness.close())

async function open(options?: Partial<RealtimeGatewayOptions>): Promise<RealtimeHarness> {
  harness = await openRealtime(options)
  return harness
}

describe.each(['1.0.0', '2.0.0'] as const)('the gateway and the real supabase-js, vsn %s', (vsn) => {
  it('delivers inserts, updates and deletes with the key alone in old', async () => {
    const { identity, feed, client } = await open()
    const ana = await client(await identity.issueToken({ user: 'ana' }), { vsn })
    const heard = await listenLive(ana, 'leads')
    const change = aChange({ committedAt: '2026-01-15T10:30:00.123Z' })
    feed.publish(aChange({ eventType: 'INSERT', old: null }), change, aDeletion())
    await until(() => heard.changes.length === 3)
    expect(heard.changes.map(({ eventType, old }) => [eventType, old])).toEqual([
      ['INSERT', {}],
      ['UPDATE', { id: 'lead-123' }],
      ['DELETE', { id: 'lead-123' }],
    ])
    expect(heard.changes[1]).toEqual({
      schema: 'public',
      table: 'leads',
      commit_timestamp: '2026-01-15T10:30:00.123Z',
      eventType: 'UPDATE',
      new: change.new,
      old: { id: 'lead-123' },
      errors: null,
    })
  })
})

describe('whose rows arrive', () => {
  it('only those of one’s own organisation, deletions included', async () => {
    const { identity, feed, client } = await open()
    const ana = await listenLive(await client(await identity.issueToken({ user: 'ana' })), 'leads')
    const eve = await listenLive(await client(await identity.issueToken({ user: 'eve' })), 'leads')
    feed.publish(aChange(), aDeletion(), aChange({ tenant: 'org-2', row: { id: 'lead-900' } }))
    await until(() => ana.changes.length === 2 && eve.changes.length === 1)
    expect(eve.changes[0]).toMatchObject({ new: { id: 'lead-900' } })
  })

  it('none without a token, although the join succeeds', async () => {
    const { identity, feed, client } = await open()
    const anonymous = await listenLive(await client(), 'leads')
    const ana = await listenLive(await client(await identity.issueToken({ user: 'ana' })), 'leads')
    feed.publish(aChange(), aDeletion())
    await until(() => ana.changes.length === 2)
    expect(anonymous.changes).toEqual([])
  })
})

describe('a channel’s life', () => {
  it('delivers no change before "Subscribed to PostgreSQL", although the join succeeded', async () => {
    const clock = new FakeClock()
    const { identity, feed, client } = await open({ clock, systemDelayMs: 2_000 })
    const ana = listen(await client(await identity.issueToken({ user: 'ana' })), 'leads')
    await until(() => ana.statuses.includes('SUBSCRIBED'))
    clock.advance(1_999)
    feed.publish(aChange({ version: 2 }))
    clock.advance(1)
    feed.publish(aChange({ row: { version: 3 } }))
    await until(() => ana.changes.length === 1)
    expect(ana.systems).toEqual([{ extension: 'postgres_changes', status: 'ok', message: 'Subscribed to PostgreSQL', channel: 'leads' }])
    expect(ana.changes[0]).toMatchObject({ new: { version: 3 } })
  })

  it('delivers to each binding what it asked for', async () => {
    const { identity, feed, client } = await open()
    const ana = await client(await identity.issueToken({ user: 'ana' }))
    const channel = ana.channel('mixed')
    const heard: string[] = []
    let isReady = false
    const on = (name: string, binding: { event: '*' | 'INSERT'; table: string; filter?: string }) =>
      channel.on('postgres_changes', { schema: 'public', ...binding } as { event: '*'; schema: string }, () => void heard.push(name))
    on('leads', { event: '*', table: 'leads' })
    on('inserted', { event: 'INSERT', table: 'leads' })
    on('won', { event: '*', table: 'leads', filter: 'status=eq.won' })
    on('appointments', { event: '*', table: 'appointments' })
    channel.on('system', {}, () => {
      isReady = true
    })
    channel.subscribe()
    await until(() => isReady)
    feed.publish(
      aChange(),
      aChange({ row: { status: 'won' } }),
      aChange({ eventType: 'INSERT', old: null }),
      aChange({ table: 'appointments' }),
    )
    await until(() => heard.includes('appointments'))
    expect(heard).toEqual(['leads', 'leads', 'won', 'leads', 'inserted', 'appointments'])
  })

  it('ends with a leave, and the topic can be joined again', async () => {
    const { identity, feed, client, gateway } = await open()
    const ana = await client(await identity.issueToken({ user: 'ana' }))
    const first = await listenLive(ana, 'leads')
    await ana.removeChannel(first.channel)
    await until(() => gateway.joined().length === 0)
    const second = await listenLive(ana, 'leads')
    feed.publish(aChange())
    await until(() => second.changes.length === 1)
    expect(first.changes).toEqual([])
    expect(first.statuses).toEqual(['SUBSCRIBED', 'CLOSED'])
  })

  it('says an over-large change is 413 and keeps its key', async () => {
    const { identity, feed, client } = await open()
    const ana = await listenLive(await client(await identity.issueToken({ user: 'ana' })), 'leads')
    feed.publish(aChange({ row: { name: 'x'.repeat(1_024 * 1_024) } }))
    await until(() => ana.changes.length === 1)
    expect(ana.changes[0]).toMatchObject({ errors: ['Error 413: Payload Too Large'], new: { id: 'lead-123', version: 2 } })
  })

  it('reports a refused join to the subscriber', async () => {
    const { identity, client } = await open()
    const late = listen(await client(await identity.issueExpiredToken({ user: 'ana' })), 'leads')
    await until(() => late.statuses.length > 0)
    expect(late.statuses[0]).toBe('CHANNEL_ERROR')
    expect(late.errors[0]).toBe('InvalidJWTToken: Token has expired')
  })

  it('answers heartbeats', async () => {
    const { identity, client } = await open()
    const ana = await client(await identity.issueToken({ user: 'ana' }))
    const beats: string[] = []
    ana.realtime.onHeartbeat((status) => void beats.push(status))
    await listenLive(ana, 'leads')
    await ana.realtime.sendHeartbeat()
    await until(() => beats.includes('ok'))
  })

  it('lets the service role see every organisation', async () => {
    const { identity, feed, client } = await open()
    const service = await listenLive(await client(undefined, { key: await identity.issueServiceToken() }), 'leads')
    feed.publish(aChange(), aChange({ tenant: 'org-2' }))
    await until(() => service.changes.length === 2)
  })
})

describe('the access token', () => {
  it('can be replaced without a reply, and then decides', async () => {
    const { identity, feed, client, gateway } = await open()
    const ana = await client(await identity.issueToken({ user: 'ana' }))
    const heard = await listenLive(ana, 'leads')
    await ana.realtime.setAuth(await identity.issueToken({ user: 'eve' }))
    // Subscribed again: real Supabase tells so a second time.
    await until(() => heard.systems.length === 2)
    expect(gateway.joined()).toEqual([{ topic: 'realtime:leads', actor: 'user-999', live: true }])
    feed.publish(aChange({ tenant: 'org-1' }), aChange({ tenant: 'org-2', row: { id: 'lead-900' } }))
    await until(() => heard.changes.length === 1)
    expect(heard.changes[0]).toMatchObject({ new: { id: 'lead-900' } })
  })

  it('comes from the client’s callback at each join', async () => {
    const { identity, feed, client } = await open()
    const ana = await listenLive(await client(() => identity.issueToken({ user: 'ana' })), 'leads')
    feed.publish(aChange())
    await until(() => ana.changes.length === 1)
  })

  it('ends the channel when it expires: a system error, then close, and the client never joins again', async () => {
    const clock = new FakeClock()
    const { identity, client, gateway } = await open({ clock })
    const token = await identity.issueToken({ user: 'ana', lifetimeSeconds: 600 })
    const ana = listen(await client(token), 'leads')
    await until(() => ana.statuses.includes('SUBSCRIBED') && gateway.joined().length === 1)
    clock.advance(599_999)
    expect(gateway.joined()).toHaveLength(1)
    clock.advance(1)
    await until(() => ana.statuses.includes('CLOSED'))
    expect(ana.systems.at(-1)).toEqual({
      extension: 'system',
      status: 'error',
      message: 'Token has expired 0 seconds ago',
      channel: 'leads',
    })
    expect(ana.statuses).toEqual(['SUBSCRIBED', 'CLOSED'])
    expect(gateway.joined()).toEqual([])
  })

  it('lives on when it is refreshed in time', async () => {
    const clock = new FakeClock()
    const { identity, client, gateway } = await open({ clock })
    const ana = await client(await identity.issueToken({ user: 'ana', lifetimeSeconds: 600 }))
    const heard = listen(ana, 'leads')
    await until(() => heard.statuses.includes('SUBSCRIBED') && gateway.joined().length === 1)
    clock.advance(500_000)
    await ana.realtime.setAuth(await identity.issueToken({ user: 'ana', lifetimeSeconds: 3_600 }))
    await until(() => clock.pending === 2)
    clock.advance(500_000)
    expect(gateway.joined()).toHaveLength(1)
  })

  it('closes the channel when a bad one replaces it', async () => {
    const { identity, client } = await open()
    const ana = await client(await identity.issueToken({ user: 'ana' }))
    const heard = await listenLive(ana, 'leads')
    await ana.realtime.setAuth(await identity.issueForgedToken({ user: 'ana' }))
    await until(() => heard.statuses.includes('CLOSED'))
    expect(heard.systems.at(-1)).toMatchObject({ extension: 'system', status: 'error', message: 'Failed to validate JWT signature' })
  })

  it('gives way to the anonymous key at sign-out, and no row arrives any more', async () => {
    const { identity, feed, client, gateway } = await open()
    const ana = await client(await identity.issueToken({ user: 'ana' }))
    const heard = await listenLive(ana, 'leads')
    await ana.realtime.setAuth(ANON_KEY)
    await until(() => gateway.joined()[0]?.actor === null)
    const witness = await listenLive(await client(await identity.issueToken({ user: 'ben' })), 'leads')
    feed.publish(aChange(), aDeletion())
    await until(() => witness.changes.length === 2)
    expect(heard.changes).toEqual([])
  })
})

describe('a broadcast', () => {
  it.each([
    ['2.0.0', '2.0.0'],
    ['1.0.0', '2.0.0'],
    ['2.0.0', '1.0.0'],
  ] as const)('reaches the others of its topic, from vsn %s to %s', async (from, to) => {
    const { identity, client } = await open()
    const sender = (await client(await identity.issueToken({ user: 'ana' }), { vsn: from })).channel('room', {
      config: { broadcast: { ack: true } },
    })
    const listener = (await client(await identity.issueToken({ user: 'ben' }), { vsn: to })).channel('room')
    const heard: unknown[] = []
    listener.on('broadcast', { event: 'cursor' }, (message) => void heard.push(message.payload))
    const joins: string[] = []
    for (const channel of [sender, listener]) channel.subscribe((status) => void joins.push(status))
    await until(() => joins.length === 2)
    expect(await sender.send({ type: 'broadcast', event: 'cursor', payload: { x: 1 } })).toBe('ok')
    await until(() => heard.length === 1)
    expect(heard).toEqual([{ x: 1 }])
  })
})

describe('faults', () => {
  async function live(options?: Partial<RealtimeGatewayOptions>) {
    const opened = await open(options)
    const ana = await listenLive(await opened.client(await opened.identity.issueToken({ user: 'ana' })), 'leads')
    return { ...opened, ana }
  }

  it('disconnect cuts every socket once, and the client comes back by itself', async () => {
    const { feed, gateway, ana } = await live()
    gateway.setFaults({ disconnect: true })
    await until(() => ana.systems.length === 2)
    feed.publish(aChange())
    await until(() => ana.changes.length === 1)
    expect(ana.statuses).toEqual(['SUBSCRIBED', 'CHANNEL_ERROR', 'SUBSCRIBED'])
  })

  it('down keeps everybody out until it is cleared', async () => {
    const { url, gateway, ana } = await live()
    gateway.setFaults({ down: true })
    await until(() => ana.statuses.includes('CHANNEL_ERROR'))
    expect(await refusedUpgrade(`${url.replace('http', 'ws')}/realtime/v1/websocket?apikey=${ANON_KEY}`)).toMatchObject({ status: 503 })
    expect(gateway.connectionCount()).toBe(0)
    gateway.setFaults()
    await until(() => ana.systems.length === 2)
  })

  it('silent joins and sends nothing', async () => {
    const { identity, feed, client, gateway } = await open()
    gateway.setFaults({ silent: true })
    const ana = listen(await client(await identity.issueToken({ user: 'ana' })), 'leads')
    await until(() => ana.statuses.includes('SUBSCRIBED') && gateway.joined().some(({ live: isLive }) => isLive))
    feed.publish(aChange())
    gateway.setFaults()
    feed.publish(aChange({ row: { version: 3 } }))
    await until(() => ana.changes.length === 1)
    expect(ana.changes[0]).toMatchObject({ new: { version: 3 } })
    expect(ana.systems).toEqual([])
  })

  it('dropRate loses its share, drawn for each channel', async () => {
    const draws = [0.9, 0.1, 0.2, 0.8]
    const { identity, feed, client, gateway, ana } = await live({ random: () => draws.shift() ?? 1 })
    const ben = await listenLive(await client(await identity.issueToken({ user: 'ben' })), 'leads')
    gateway.setFaults({ dropRate: 0.5 })
    feed.publish(aChange({ row: { version: 2 } }), aChange({ row: { version: 3 } }), aChange({ row: { version: 4 } }))
    await until(() => ana.changes.length === 2 && ben.changes.length === 2)
    expect(versions(ana)).toEqual([2, 4])
    expect(versions(ben)).toEqual([3, 4])
  })

  it('delayMs holds changes back, in order', async () => {
    const clock = new FakeClock()
    const { identity, feed, client, gateway } = await open({ clock })
    const ana = listen(await client(await identity.issueToken({ user: 'ana' })), 'leads')
    await until(() => ana.statuses.includes('SUBSCRIBED') && gateway.joined().length === 1)
    clock.advance(0)
    gateway.setFaults({ delayMs: 5_000 })
    feed.publish(aChange({ row: { version: 2 } }))
    gateway.setFaults()
    feed.publish(aChange({ row: { version: 3 } }))
    clock.advance(4_999)
    await ana.channel.send({ type: 'presence', event: 'ping' })
    expect(ana.changes).toEqual([])
    clock.advance(1)
    await until(() => ana.changes.length === 2)
    expect(versions(ana)).toEqual([2, 3])
  })

  it('lateSystemMs makes "Subscribed to PostgreSQL" late', async () => {
    const clock = new FakeClock()
    const { identity, client, gateway } = await open({ clock })
    gateway.setFaults({ lateSystemMs: 7_000 })
    const ana = listen(await client(await identity.issueToken({ user: 'ana' })), 'leads')
    await until(() => ana.statuses.includes('SUBSCRIBED') && gateway.joined().length === 1)
    clock.advance(6_999)
    expect(gateway.joined()[0]?.live).toBe(false)
    clock.advance(1)
    await until(() => ana.systems.length === 1)
  })

  it('expireTokens ends the tokens in use, refuses them from then on, and takes fresh ones', async () => {
    const { identity, client, gateway } = await open()
    const token = await identity.issueToken({ user: 'ana' })
    const ana = await client(token)
    const heard = await listenLive(ana, 'leads')
    gateway.setFaults({ expireTokens: true })
    await until(() => heard.statuses.includes('CLOSED'))
    expect(heard.systems.at(-1)).toMatchObject({ status: 'error', message: 'Token has expired 0 seconds ago' })

    const stale = listen(await client(token), 'leads')
    await until(() => stale.errors.length > 0)
    expect(stale.errors[0]).toBe('InvalidJWTToken: Token has expired')
    await ana.realtime.setAuth(await identity.issueToken({ user: 'ana' }))
    await listenLive(ana, 'leads')

    gateway.setFaults()
    await listenLive(await client(token), 'leads')
  })
})

describe('closing', () => {
  it('leaves the feed, cuts the sockets and frees the server', async () => {
    const { identity, feed, client, gateway } = await open()
    await listenLive(await client(await identity.issueToken({ user: 'ana' })), 'leads')
    gateway.close()
    await until(() => gateway.connectionCount() === 0)
    expect(feed.listenerCount).toBe(0)
  })
})

function versions({ changes }: { changes: Record<string, unknown>[] }): unknown[] {
  return changes.map((change) => (change.new as { version?: unknown }).version)
}
