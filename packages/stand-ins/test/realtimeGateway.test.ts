import { afterEach, describe, expect, it } from '@jest/globals'
import type { RealtimeGatewayOptions } from '../src/index.js'
import { aChange, aDeletion } from './harness/FakeFeed.js'
import { listen, listenLive, openRealtime, type RealtimeHarness } from './harness/realtime.js'
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

describe('faults', () => {
  it('disconnect cuts every socket once, and the client comes back by itself', async () => {
    const { identity, feed, client, gateway } = await open()
    const ana = await listenLive(await client(await identity.issueToken({ user: 'ana' })), 'leads')
    gateway.setFaults({ disconnect: true })
    await until(() => ana.systems.length === 2)
    feed.publish(aChange())
    await until(() => ana.changes.length === 1)
    expect(ana.statuses).toEqual(['SUBSCRIBED', 'CHANNEL_ERROR', 'SUBSCRIBED'])
  })

  it('silent joins and sends nothing', async () => {
    const { identity, feed, client, gateway } = await open()
    gateway.setFaults({ silent: true })
    const ana = listen(await client(await identity.issueToken({ user: 'ana' })), 'leads')
    await until(() => ana.statuses.includes('SUBSCRIBED') && gateway.joined().some(({ live }) => live))
    feed.publish(aChange())
    gateway.setFaults()
    feed.publish(aChange({ version: 3 }))
    await until(() => ana.changes.length === 1)
    expect(ana.systems).toEqual([])
  })
})
