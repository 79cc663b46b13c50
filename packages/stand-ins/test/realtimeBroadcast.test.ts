import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { SupabaseClient } from '@supabase/supabase-js'
import { messagesOfChanges } from '../src/index.js'
import { FakeClock } from './harness/FakeClock.js'
import { aChange, aDeletion } from './harness/FakeFeed.js'
import { listenPrivately, listenPrivatelyLive, openRealtime, type RealtimeHarness } from './harness/realtime.js'
import { until } from './harness/until.js'

const LEADS = 'sync:leads:org-1'
const HINT = { hint: true }

let harness: RealtimeHarness

const tokenOf = (user: 'ana' | 'eve') => harness.identity.issueToken({ user })
const clientOf = async (user: 'ana' | 'eve', options?: { vsn?: '1.0.0' | '2.0.0' }): Promise<SupabaseClient> =>
  harness.client(await tokenOf(user), options)
const refusal = (topic: string) => `Unauthorized: You do not have permissions to read from this Channel topic: ${topic}`

/** Everything that was sent has arrived: a later message on a channel of the same connection has. */
async function settled(client: SupabaseClient): Promise<void> {
  const later = await listenPrivatelyLive(client, 'sync:leads:org-2')
  harness.messages.send('sync:leads:org-2', HINT)
  await until(() => later.messages.length > 0)
}

afterEach(() => harness.close())

describe.each(['1.0.0', '2.0.0'] as const)('a private channel, in version %s of the wire', (vsn) => {
  beforeEach(async () => {
    harness = await openRealtime()
  })

  it('brings whoever may hear it what the database sends, with its id', async () => {
    const heard = await listenPrivatelyLive(await clientOf('ana', { vsn }), LEADS)
    harness.messages.send(LEADS, { changes: [{ new: { name: 'Zoë 日本' } }] }, { id: 'm-1' })
    await until(() => heard.messages.length > 0)
    expect(heard.messages).toEqual([
      { type: 'broadcast', event: 'change', payload: { id: 'm-1', changes: [{ new: { name: 'Zoë 日本' } }] }, meta: { id: 'm-1' } },
    ])
  })

  it('refuses everybody else in the real server’s words, by whatever name they ask', async () => {
    const eve = await clientOf('eve', { vsn })
    for (const topic of [
      LEADS,
      'sync:leads:org-2:org-1',
      'sync:leads:org',
      'sync:leads:ORG-2',
      'sync:leads:org-2 ',
      'sync:org-2',
      ':',
      'org-2',
      'leads',
      '%',
    ]) {
      const heard = listenPrivately(eve, topic)
      await until(() => heard.errors.length > 0)
      expect([heard.statuses[0], heard.errors[0]]).toEqual(['CHANNEL_ERROR', expect.stringContaining(refusal(topic))])
      await eve.removeChannel(heard.channel)
    }
    expect(harness.gateway.joined()).toEqual([])
  })

  it('is another one than the public channel of its name', async () => {
    const eve = await clientOf('eve', { vsn })
    const outside = listenPrivately(eve, LEADS, { private: false })
    await until(() => outside.statuses.includes('SUBSCRIBED'))
    const inside = await listenPrivatelyLive(await clientOf('ana', { vsn }), LEADS)
    await outside.channel.send({ type: 'broadcast', event: 'change', payload: { forged: true } })
    harness.messages.send(LEADS, HINT)
    harness.messages.send(LEADS, { public: true }, { isPrivate: false })
    await until(() => outside.messages.length > 0 && inside.messages.length > 0)
    expect(inside.messages.map(({ payload }) => payload)).toEqual([{ id: 'a-message', ...HINT }])
    expect(outside.messages.map(({ payload }) => payload)).toEqual([{ id: 'a-message', public: true }])
  })

  it('lets nobody speak but the database', async () => {
    const ana = await clientOf('ana', { vsn })
    const ben = await listenPrivatelyLive(await clientOf('ana', { vsn }), LEADS)
    const mine = await listenPrivatelyLive(ana, LEADS, { broadcast: { self: true, ack: false } })
    await mine.channel.send({ type: 'broadcast', event: 'change', payload: { forged: true } })
    // Its connection is served in order, so a join is answered after what was said before it.
    await until(() => harness.gateway.joined().length === 2)
    await ana.removeChannel(mine.channel)
    harness.messages.send(LEADS, HINT)
    await until(() => ben.messages.length > 0)
    expect(ben.messages.map(({ payload }) => payload)).toEqual([{ id: 'a-message', ...HINT }])
    expect(mine.messages).toEqual([])
  })

  it('ends with the same words when another token may not hear it', async () => {
    const client = await clientOf('ana', { vsn })
    const heard = await listenPrivatelyLive(client, LEADS)
    await client.realtime.setAuth(await tokenOf('eve'))
    await until(() => heard.statuses.includes('CLOSED'))
    expect(heard.systems).toMatchObject([
      { extension: 'system', status: 'error', message: refusal(LEADS).replace('Unauthorized: ', ''), channel: LEADS },
    ])
    harness.messages.send(LEADS, HINT)
    await settled(client)
    expect(heard.messages).toEqual([])
  })

  it('goes on with a fresh token of the same person', async () => {
    const client = await clientOf('ana', { vsn })
    const heard = await listenPrivatelyLive(client, LEADS)
    await client.realtime.setAuth(await harness.identity.issueToken({ user: 'ana', lifetimeSeconds: 1_000 }))
    harness.messages.send(LEADS, HINT)
    await until(() => heard.messages.length > 0)
    expect(heard.statuses).toEqual(['SUBSCRIBED'])
  })

  it('keeps nothing for whoever is not there', async () => {
    harness.messages.send(LEADS, { early: true })
    const client = await clientOf('ana', { vsn })
    const heard = await listenPrivatelyLive(client, LEADS)
    harness.gateway.setFaults({ down: true })
    harness.messages.send(LEADS, { missed: true })
    harness.gateway.setFaults()
    await until(() => heard.statuses.filter((status) => status === 'SUBSCRIBED').length > 1)
    harness.messages.send(LEADS, HINT)
    await until(() => heard.messages.length > 0)
    expect(heard.messages.map(({ payload }) => payload)).toEqual([{ id: 'a-message', ...HINT }])
  })
})

describe('the fault plan', () => {
  beforeEach(async () => {
    harness = await openRealtime({ random: () => 0.5 })
  })

  it('drops, silences and delays broadcasts', async () => {
    const heard = await listenPrivatelyLive(await clientOf('ana'), LEADS)
    harness.gateway.setFaults({ dropRate: 0.6 })
    harness.messages.send(LEADS, { n: 1 })
    harness.gateway.setFaults({ silent: true })
    harness.messages.send(LEADS, { n: 2 })
    harness.gateway.setFaults({ delayMs: 30 })
    harness.messages.send(LEADS, { n: 3 })
    harness.gateway.setFaults()
    harness.messages.send(LEADS, { n: 4 })
    await until(() => heard.messages.length > 1)
    expect(heard.messages.map(({ payload }) => (payload as { n: number }).n)).toEqual([3, 4])
  })
})

describe('the limits of a plan', () => {
  it('drop what the database sends while there is too much, each delivery counted, and tell nobody', async () => {
    const clock = new FakeClock()
    harness = await openRealtime({ clock, limits: { messagesPerSecond: 2 } })
    const [one, two] = [await listenPrivatelyLive(await clientOf('ana'), LEADS), await listenPrivatelyLive(await clientOf('ana'), LEADS)]
    for (let n = 0; n < 4; n += 1) harness.messages.send(LEADS, { n })
    await until(() => one.messages.length === 4 && two.messages.length === 4)
    clock.advance(5_000)
    harness.messages.send(LEADS, { dropped: true })
    clock.advance(60_000)
    harness.messages.send(LEADS, { n: 5 })
    await until(() => one.messages.length === 5)
    expect(one.messages.map(({ payload }) => (payload as { n?: number }).n)).toEqual([0, 1, 2, 3, 5])
    expect(one.statuses).toEqual(['SUBSCRIBED'])
  })

  it('close the channels on which clients go on meanwhile', async () => {
    const clock = new FakeClock()
    harness = await openRealtime({ clock, limits: { messagesPerSecond: 2 } })
    const open = { private: false }
    const [one, two] = [
      await listenPrivatelyLive(await clientOf('ana'), 'chat', open),
      await listenPrivatelyLive(await clientOf('eve'), 'chat', open),
    ]
    for (let n = 0; n < 6; n += 1) await one.channel.send({ type: 'broadcast', event: 'said', payload: { n } })
    await until(() => two.messages.length === 6)
    clock.advance(5_000)
    await one.channel.send({ type: 'broadcast', event: 'said', payload: {} })
    await until(() => two.statuses.includes('CLOSED'))
    expect(two.systems).toMatchObject([{ extension: 'system', status: 'error', message: 'Too many messages per second' }])
  })

  it('refuse joins and end the connection when there are too many', async () => {
    const clock = new FakeClock()
    harness = await openRealtime({ clock, limits: { joinsPerSecond: 0.5 } })
    const client = await clientOf('ana')
    for (const table of ['a', 'b', 'c']) await listenPrivatelyLive(client, `sync:${table}:org-1`)
    clock.advance(5_000)
    const heard = listenPrivately(client, LEADS)
    await until(() => heard.errors.length > 0)
    expect(heard.errors[0]).toContain('ClientJoinRateLimitReached: Too many joins per second')
  })

  it('drop what is too large', async () => {
    harness = await openRealtime({ limits: { payloadBytes: 100 } })
    const heard = await listenPrivatelyLive(await clientOf('ana'), LEADS)
    harness.messages.send(LEADS, { text: 'x'.repeat(100) })
    harness.messages.send(LEADS, HINT)
    await until(() => heard.messages.length > 0)
    expect(heard.messages.map(({ payload }) => payload)).toEqual([{ id: 'a-message', ...HINT }])
  })
})

describe('a channel whose name the binary frame cannot hold', () => {
  it('hears nothing in version 2, as with the real server', async () => {
    harness = await openRealtime({ tenantOf: () => 'x'.repeat(300) })
    const topic = `sync:leads:${'x'.repeat(300)}`
    const client = await clientOf('ana')
    const second = await listenPrivatelyLive(client, topic)
    const first = await listenPrivatelyLive(await clientOf('ana', { vsn: '1.0.0' }), topic)
    harness.messages.send(topic, HINT)
    await until(() => first.messages.length > 0)
    expect(second.messages).toEqual([])
  })
})

describe('without messages of a database', () => {
  const sent = (changes: Parameters<typeof aChange>[0][]) => {
    const messages: { topic: string; payload: unknown }[] = []
    messagesOfChanges({
      subscribe: (onChanges, onGap) => {
        onChanges(changes.map(aChange))
        onGap()
        return () => undefined
      },
    }).subscribe(({ topic, body }) => {
      const { id: _, ...payload } = JSON.parse(body.toString('utf8'))
      messages.push({ topic, payload })
    })
    return messages
  }

  beforeEach(async () => {
    harness = await openRealtime()
  })

  it('one goes to each organisation about its own changes of a batch, and a hint after a gap', () => {
    const { tenant: _, ...change } = aChange()
    const [org1, org2] = [{ changes: [change, change] }, { changes: [change] }]
    expect(sent([{}, { tenant: 'org-2' }, {}, { tenant: null }])).toEqual([
      { topic: LEADS, payload: org1 },
      { topic: 'sync:leads:org-2', payload: org2 },
      { topic: LEADS, payload: HINT },
      { topic: 'sync:leads:org-2', payload: HINT },
    ])
  })

  it('fifty changes are told, more are a hint, and so is what is too large', () => {
    expect(sent(Array(50).fill({}))[0]?.payload).toMatchObject({ changes: expect.any(Array) })
    expect(sent(Array(51).fill({}))[0]?.payload).toEqual(HINT)
    expect(sent([{ row: { name: 'x'.repeat(200_000) } }])[0]?.payload).toEqual(HINT)
  })

  it('the changes of the feed are broadcast too', async () => {
    await harness.close()
    harness = await openRealtime({ messages: undefined } as never)
    const heard = await listenPrivatelyLive(await clientOf('ana'), LEADS)
    const deletion = aDeletion()
    harness.feed.publish(deletion)
    await until(() => heard.messages.length > 0)
    const { tenant: _, ...change } = deletion
    expect(heard.messages[0]?.payload).toMatchObject({ changes: [change] })
  })
})
