import { describe, expect, jest, test } from '@jest/globals'
import { createPollingChangeSource } from '../../src/adapters/pollingChangeSource.js'
import type { RowChangeEvent } from '../../src/realtime/RealtimeSyncService.js'
import { settle } from '../../src/testing/settle.js'
import { createRealtimeHarness, EVE } from './harness.js'

function versionsOf(events: readonly RowChangeEvent[]): string[] {
  return events.map((event) => `${event.eventType} ${event.new?.id ?? event.old?.id} ${event.new?.version ?? '-'}`)
}

/** Pages of a list of `count` rows. */
async function* manyRows(count: number) {
  for (let from = 0; from < count; from += 200)
    yield Array.from({ length: Math.min(200, count - from) }, (_, index) => ({ id: `lead-${from + index}`, version: 1 }))
}

async function live(harness: ReturnType<typeof createRealtimeHarness>, table = 'leads') {
  const events: RowChangeEvent[] = []
  const unsubscribe = harness.service.subscribe(table, (event) => events.push(event))
  harness.source.status(table, 'flowing')
  await settle()
  return { events, unsubscribe }
}

describe('start', () => {
  test('joins first, then reads the cursor, then the rows, then the log again', async () => {
    const h = createRealtimeHarness()
    h.server.write('leads', 'lead-1')
    h.service.subscribe('leads', () => {})
    expect(h.source.calls).toEqual(['join leads'])
    expect(h.server.asked).toEqual([])
    await settle()
    expect(h.server.asked).toEqual(['/api/sync/changes', '/api/leads?limit=200', '/api/sync/changes?since=epoch-1%3A1'])
    expect(h.store.getRow('leads', 'lead-1')?.row.version).toBe(1)
  })

  test('is live only after the word that changes flow and a catch-up begun after it', async () => {
    const h = createRealtimeHarness()
    const states: string[] = []
    h.service.subscribeState(() => states.push(h.state('leads')))
    h.service.subscribe('leads', () => {})
    await settle()
    expect(h.state('leads')).toBe('connecting')
    h.source.status('leads', 'flowing')
    expect(h.state('leads')).toBe('syncing')
    await settle()
    expect(h.state('leads')).toBe('live')
    expect(states).toEqual(['connecting', 'connecting', 'syncing', 'live'])
  })

  test('repairs a change that fell between the rows and the flow', async () => {
    const h = createRealtimeHarness()
    const events: RowChangeEvent[] = []
    h.service.subscribe('leads', (event) => events.push(event))
    await settle()
    h.server.write('leads', 'lead-1')
    h.source.status('leads', 'flowing')
    await settle()
    expect(versionsOf(events)).toEqual(['INSERT lead-1 1'])
    expect(h.info('leads')).toMatchObject({ state: 'live', received: 1, gapsRepaired: 1, cursor: 'epoch-1:1' })
  })

  test('holds events back while it syncs and tells them before it is live', async () => {
    const h = createRealtimeHarness()
    const events: string[] = []
    h.service.subscribe('leads', (event) => events.push(`${event.new?.version} while ${h.state('leads')}`))
    h.source.status('leads', 'flowing')
    h.source.push('leads', h.server.write('leads', 'lead-1'))
    h.connectivity.emit('online')
    expect(events).toEqual([])
    await settle()
    expect(events).toEqual(['1 while syncing'])
    expect(h.state('leads')).toBe('live')
  })

  test('a catch-up that began before changes flowed again does not make it live', async () => {
    const h = createRealtimeHarness()
    await live(h)
    h.server.hang()
    h.source.status('leads', 'lost', 'flowing')
    await h.clock.advance(100)
    h.source.status('leads', 'lost', 'flowing')
    h.server.answer()
    h.server.hang()
    await settle()
    expect(h.state('leads')).toBe('syncing')
    h.server.answer()
    await h.clock.advance(100)
    expect(h.state('leads')).toBe('live')
  })

  test('a catch-up asked for while another runs begins after it', async () => {
    const h = createRealtimeHarness()
    const { events } = await live(h)
    h.server.hang()
    h.connectivity.emit('visible')
    await settle()
    h.server.write('leads', 'lead-1')
    h.connectivity.emit('visible')
    h.server.answer()
    await settle()
    expect(events).toHaveLength(1)
  })

  test('tells nobody about rows that stood before anybody subscribed', async () => {
    const h = createRealtimeHarness()
    h.server.write('leads', 'lead-1')
    const { events } = await live(h)
    expect(events).toEqual([])
  })

  test('reads lists page by page and the log until it has no more', async () => {
    const h = createRealtimeHarness()
    h.server.pageSize = 2
    for (const id of ['a', 'b', 'c', 'd', 'e']) h.server.write('leads', id)
    const { events } = await live(h)
    expect(h.store.getRows('leads')).toHaveLength(5)
    for (const id of ['a', 'b', 'c', 'd', 'e']) h.server.write('leads', id)
    await h.clock.advance(60_000)
    expect(events).toHaveLength(5)
  })

  test('asks for changes while a feed takes its time to flow, and is live once it flows after all', async () => {
    const h = createRealtimeHarness()
    const events: RowChangeEvent[] = []
    h.service.subscribe('leads', (event) => events.push(event))
    await settle()
    h.server.write('leads', 'lead-1')
    await h.clock.advance(2_500)
    expect([h.state('leads'), versionsOf(events)]).toEqual(['connecting', ['INSERT lead-1 1']])
    h.source.status('leads', 'flowing')
    await settle()
    expect(h.state('leads')).toBe('live')
  })
})

describe('merging what realtime and catch-up bring', () => {
  test('an event is the same from both ways', async () => {
    const h = createRealtimeHarness()
    const { events } = await live(h)
    h.source.push('leads', h.server.write('leads', 'lead-1', { updated_by: 'ana', last_mutation_key: 'key-1' }))
    const [pushed] = events
    const other = createRealtimeHarness()
    const caught = await live(other)
    other.server.write('leads', 'lead-1', { updated_by: 'ana', last_mutation_key: 'key-1' })
    await other.clock.advance(60_000)
    expect(caught.events).toEqual([pushed])
    expect(pushed?.origin).toEqual({ actor: 'ana', mutationKey: 'key-1' })
    expect([h.echoes, other.echoes]).toEqual([['key-1 realtime'], ['key-1 catch-up']])
  })

  test('tells each version once, and none that is older than what was told', async () => {
    const h = createRealtimeHarness()
    const { events } = await live(h)
    const first = h.server.write('leads', 'lead-1')
    const second = h.server.write('leads', 'lead-1')
    for (const change of [second, first, second]) h.source.push('leads', change)
    await h.clock.advance(60_000)
    expect(versionsOf(events)).toEqual(['UPDATE lead-1 2'])
    expect(h.info('leads')).toMatchObject({ received: 3, duplicates: 1, staleDropped: 1, gapsRepaired: 0 })
  })

  test("one's own answer in the store does not swallow the event that follows it", async () => {
    const h = createRealtimeHarness()
    const { events } = await live(h)
    const change = h.server.write('leads', 'lead-1')
    h.store.ingest('leads', [change.new])
    h.source.push('leads', change)
    expect(versionsOf(events)).toEqual(['INSERT lead-1 1'])
  })

  test('a lost event is repaired by the next catch-up within a minute', async () => {
    const h = createRealtimeHarness()
    const { events } = await live(h)
    h.server.write('leads', 'lead-1')
    await h.clock.advance(60_000)
    expect(versionsOf(events)).toEqual(['INSERT lead-1 1'])
    expect(h.info('leads')?.gapsRepaired).toBe(1)
  })

  test('a delete without a version is asked of the log', async () => {
    const h = createRealtimeHarness()
    h.server.write('leads', 'lead-1')
    const { events } = await live(h)
    h.source.push('leads', h.server.remove('leads', 'lead-1'))
    expect(h.store.getRow('leads', 'lead-1')).toBeDefined()
    await h.clock.advance(100)
    expect(versionsOf(events)).toEqual(['DELETE lead-1 -'])
    expect(h.store.getRow('leads', 'lead-1')).toBeUndefined()
  })

  test('a change too large for the feed is asked of the log, again until the log shows it', async () => {
    const h = createRealtimeHarness()
    h.server.write('leads', 'lead-1')
    const { events } = await live(h)
    h.server.horizonLagMs = 500
    h.source.push('leads', {
      eventType: 'UPDATE',
      new: { id: 'lead-1', version: 2 },
      old: { id: 'lead-1' },
      errors: ['Error 413: Payload Too Large'],
    })
    await h.clock.advance(100)
    expect(h.store.getRow('leads', 'lead-1')?.row.version).toBe(1)
    h.server.write('leads', 'lead-1', { notes: 'long' })
    await h.clock.advance(2_000)
    expect(events[0]?.new).toMatchObject({ notes: 'long', version: 2 })
  })

  test('a row whose end the log does not show any more is settled by reading the rows', async () => {
    const h = createRealtimeHarness()
    h.server.write('leads', 'stays')
    const inserted = h.server.write('leads', 'ghost')
    const removed = h.server.remove('leads', 'ghost')
    const { events } = await live(h)
    h.source.push('leads', inserted)
    h.source.push('leads', removed)
    await h.clock.advance(5_000)
    expect(versionsOf(events)).toEqual(['INSERT ghost 1', 'DELETE ghost -'])
    expect(h.store.getRows('leads').map(({ row }) => row.id)).toEqual(['stays'])
    expect(h.state('leads')).toBe('live')
  })

  test('many hints are one reading, at a moment of this tab’s own', async () => {
    const h = createRealtimeHarness({ random: { uniform: () => 0.5, bytes: (length) => new Uint8Array(length) } })
    const { events } = await live(h)
    const asked = h.server.asked.length
    for (let hint = 0; hint < 20; hint += 1) {
      h.server.write('leads', 'lead-1')
      h.source.push('leads', { hint: true })
      await h.clock.advance(50)
    }
    expect([h.server.asked.length - asked, versionsOf(events)]).toEqual([0, []])
    await h.clock.advance(50)
    expect([h.server.asked.length - asked, versionsOf(events).at(-1), h.codes()]).toEqual([1, 'UPDATE lead-1 20', []])
  })

  test('a hint waits longer where nobody looks, and is followed at once when the page comes to the front', async () => {
    const h = createRealtimeHarness()
    const { events } = await live(h)
    h.connectivity.emit('hidden')
    h.server.write('leads', 'lead-1')
    h.source.push('leads', { hint: true })
    await h.clock.advance(1_999)
    expect(events).toEqual([])
    h.connectivity.emit('visible')
    await settle()
    expect(versionsOf(events)).toEqual(['INSERT lead-1 1'])
    const asked = h.server.asked.length
    await h.clock.advance(20_000)
    expect(h.server.asked).toHaveLength(asked)
  })

  test('hints do not hurry a server that is in trouble, and nobody is asked for a user who has left', async () => {
    const h = createRealtimeHarness()
    await live(h)
    h.server.answerNext.push(...Array(3).fill({ status: 503, body: {} }))
    h.connectivity.emit('visible')
    await settle()
    const asked = h.server.asked.length
    h.source.push('leads', { hint: true })
    await h.clock.advance(900)
    expect(h.server.asked).toHaveLength(asked)
    await h.until(() => h.state('leads') === 'live')
    h.source.push('leads', { hint: true })
    h.service.setUser(null)
    expect(h.clock.pending()).toBe(0)
  })

  test('pages, changes and tables that cannot be read are reported and crash nothing', async () => {
    const h = createRealtimeHarness()
    const { events } = await live(h)
    const asked = h.server.asked.length
    for (const change of [null, 'x', {}, { eventType: 'UPDATE' }, { eventType: 'TRUNCATE', new: { id: 'a' } }])
      h.source.push('leads', change)
    expect(h.codes()).toEqual(Array(5).fill('CHANGES_MALFORMED'))
    // There is news all the same.
    await h.clock.advance(100)
    expect(h.server.asked).toHaveLength(asked + 1)

    const next = 'epoch-1:0'
    const changes = [
      { table: 'pets', eventType: 'DELETE', old: { id: 'p' }, version: 1 },
      { table: 'pets' },
      null,
      { table: 'leads', eventType: 'WHAT' },
    ]
    h.server.answerNext.push({ status: 200, body: { changes, next, hasMore: false, horizonLagMs: 0, epoch: 'epoch-1' } })
    await h.until(() => h.codes().length > 5)
    expect(h.codes().slice(5)).toEqual(['TABLE_UNKNOWN', 'TABLE_UNKNOWN', 'CHANGES_MALFORMED'])
    expect(h.state('leads')).toBe('live')

    h.server.answerNext.push({ status: 200, body: '<html>Sign in to this network</html>' })
    await h.until(() => h.state('leads') === 'stale')
    expect(h.codes().slice(8)).toEqual(['CHANGES_MALFORMED'])
    await h.clock.advance(2_000)
    expect(h.state('leads')).toBe('live')
    expect(events).toEqual([])
  })
})

describe('subscribers', () => {
  test('one channel a table, however many subscribe; left 10 s after the last one went', async () => {
    const h = createRealtimeHarness()
    const first = h.service.subscribe('leads', () => {})
    const second = h.service.subscribe('leads', () => {})
    expect(h.info('leads')?.listeners).toBe(2)
    first()
    first()
    second()
    await h.clock.advance(9_999)
    expect(h.source.isJoined('leads')).toBe(true)
    const third = h.service.subscribe('leads', () => {})
    await h.clock.advance(20_000)
    third()
    await h.clock.advance(10_000)
    expect(h.source.calls).toEqual(['join leads', 'leave leads'])
    expect(h.state('leads')).toBe('idle')
    expect(h.service.getSubscriptions()).toEqual([])
    expect(h.clock.pending()).toBe(0)
  })

  test('a second stay repairs what was missed in between', async () => {
    const h = createRealtimeHarness()
    const { unsubscribe } = await live(h)
    unsubscribe()
    await h.clock.advance(10_000)
    h.server.write('leads', 'lead-1')
    const { events } = await live(h)
    expect(versionsOf(events)).toEqual(['INSERT lead-1 1'])
  })

  test('hears only the row or the rows it asked for', async () => {
    const h = createRealtimeHarness()
    await live(h)
    const byId = jest.fn()
    const won = jest.fn()
    h.service.subscribe('leads', byId, { id: 'lead-1' })
    h.service.subscribe('leads', won, { where: (row) => row.status === 'won' })
    for (const id of ['lead-1', 'lead-2']) h.source.push('leads', h.server.write('leads', id, { status: id === 'lead-2' ? 'won' : 'new' }))
    expect(byId.mock.calls).toHaveLength(1)
    expect(won.mock.calls).toHaveLength(1)
  })

  test('one that throws is reported and blocks nobody', async () => {
    const h = createRealtimeHarness()
    h.service.subscribe('leads', () => {
      throw new Error('broken')
    })
    const { events } = await live(h)
    h.source.push('leads', h.server.write('leads', 'lead-1'))
    expect(events).toHaveLength(1)
    await settle()
    expect(h.codes()).toEqual(['LISTENER_THREW'])
  })

  test('finds the new row in the store when it is told', async () => {
    const h = createRealtimeHarness()
    await live(h)
    const seen: unknown[] = []
    h.service.subscribe('leads', () => seen.push(h.store.getRow('leads', 'lead-1')?.row.version))
    h.source.push('leads', h.server.write('leads', 'lead-1'))
    expect(seen).toEqual([1])
  })
})

describe('gaps', () => {
  test('polls while the feed is lost and is live again after the rejoin and a catch-up', async () => {
    const h = createRealtimeHarness()
    const { events } = await live(h)
    h.source.status('leads', 'lost')
    expect(h.state('leads')).toBe('stale')
    h.server.write('leads', 'lead-1')
    await h.clock.advance(2_500)
    expect(events).toHaveLength(1)
    h.server.write('leads', 'lead-2')
    h.source.status('leads', 'flowing')
    expect(h.state('leads')).toBe('syncing')
    await h.clock.advance(100)
    expect(h.state('leads')).toBe('live')
    expect(events).toHaveLength(2)
  })

  test('a void cursor: rows are read again, vanished ones removed, and everyone is told what they missed', async () => {
    const h = createRealtimeHarness()
    for (const id of ['stays', 'changes', 'vanishes']) h.server.write('leads', id)
    const { events } = await live(h)
    h.server.write('leads', 'changes')
    h.server.remove('leads', 'vanishes')
    h.server.write('leads', 'appears')
    h.server.trimLog()
    await h.clock.advance(60_000)
    expect(versionsOf(events)).toEqual(['INSERT appears 1', 'UPDATE changes 2', 'DELETE vanishes -'])
    expect(h.store.getRows('leads').map(({ row }) => row.id)).toEqual(['changes', 'stays', 'appears'])
    expect(h.state('leads')).toBe('live')
  })

  test('of a table with more rows than are read, those beyond are no deletions, and what is not known to be the newest is stale', async () => {
    const h = createRealtimeHarness({ snapshot: () => manyRows(10_001) })
    const { events } = await live(h)
    expect(h.store.getRows('leads')).toHaveLength(10_000)
    expect([h.state('leads'), h.info('leads')?.complete, h.codes()]).toEqual(['live', false, ['SNAPSHOT_TRUNCATED']])
    h.source.push('leads', { eventType: 'INSERT', new: { id: 'beyond', version: 1 }, old: null })
    h.server.trimLog()
    await h.clock.advance(60_000)
    expect(events.map(({ eventType }) => eventType)).toEqual(['INSERT'])
    expect(h.store.getRow('leads', 'beyond')).toBeDefined()
    expect([h.state('leads'), h.codes()]).toEqual(['stale', ['SNAPSHOT_TRUNCATED', 'SNAPSHOT_TRUNCATED']])
  })

  test('a tracked table of a team’s own is read as a whole, page by page, and again after a gap', async () => {
    const h = createRealtimeHarness()
    h.server.pageSize = 2
    for (const id of ['p-1', 'p-2', 'p-3']) h.server.write('proposals', id)
    const { events } = await live(h, 'proposals')
    expect([h.state('proposals'), h.info('proposals')?.complete, h.store.getRows('proposals').length]).toEqual(['live', true, 3])
    expect(h.server.asked.filter((path) => path.startsWith('/api/rows/'))).toEqual([
      '/api/rows/proposals?limit=200',
      '/api/rows/proposals?limit=200&cursor=p-2',
    ])
    h.server.remove('proposals', 'p-1')
    h.server.trimLog()
    await h.clock.advance(60_000)
    expect([h.state('proposals'), versionsOf(events)]).toEqual(['live', ['DELETE p-1 -']])
  })

  test('of a lead that is gone no messages are left, and those of others are read again', async () => {
    const h = createRealtimeHarness()
    for (const lead of ['gone', 'here']) h.server.write('sms_messages', `of-${lead}`, { lead_id: lead })
    h.store.ingest('sms_messages', [h.server.row('sms_messages', 'of-gone'), h.server.row('sms_messages', 'of-here')])
    await live(h, 'sms_messages')
    h.server.untracked.add('gone')
    h.server.trimLog()
    await h.clock.advance(60_000)
    expect([h.state('sms_messages'), h.codes()]).toEqual(['live', []])
    expect(h.store.getRows('sms_messages').map(({ row }) => row.id)).toEqual(['of-here'])
  })

  test('a table that nothing reads: its rows stay, and it is stale from then on', async () => {
    const h = createRealtimeHarness()
    h.server.untracked.add('proposals')
    await live(h, 'proposals')
    h.source.push('proposals', h.server.write('proposals', 'p-1'))
    expect([h.state('proposals'), h.info('proposals')?.complete, h.codes()]).toEqual(['live', false, []])
    h.server.trimLog()
    await h.clock.advance(120_000)
    expect(h.store.getRow('proposals', 'p-1')).toBeDefined()
    expect([h.state('proposals'), h.codes()]).toEqual(['stale', ['SNAPSHOT_MISSING']])
  })

  test('a table that nothing reads and of which no row is known has missed nothing', async () => {
    const h = createRealtimeHarness()
    h.server.untracked.add('proposals')
    await live(h, 'proposals')
    h.server.trimLog()
    await h.clock.advance(60_000)
    expect([h.state('proposals'), h.codes()]).toEqual(['live', []])
  })

  test('a new epoch: base rows go whatever their versions, pending mutations stay', async () => {
    const h = createRealtimeHarness()
    for (let version = 1; version <= 5; version += 1) h.server.write('leads', 'lead-1', { status: 'won' })
    const { events } = await live(h)
    h.store.addOverlay({ id: 'key-1', patches: [{ table: 'leads', id: 'lead-1', patch: { status: 'contacted' } }] })
    h.server.restore({ leads: [{ id: 'lead-1', version: 2, name: 'Restored', status: 'new' }] })
    await h.clock.advance(60_000)
    expect(h.store.getRow('leads', 'lead-1')).toMatchObject({
      row: { status: 'contacted', version: 2, name: 'Restored' },
      pendingIds: ['key-1'],
    })
    expect(versionsOf(events)).toEqual(['UPDATE lead-1 2'])
    h.source.push('leads', h.server.write('leads', 'lead-1'))
    expect(versionsOf(events).at(-1)).toBe('UPDATE lead-1 3')
  })

  test('what was held back from a former epoch never arrives', async () => {
    const h = createRealtimeHarness()
    const { events } = await live(h)
    h.source.status('leads', 'lost', 'flowing')
    h.source.push('leads', h.server.write('leads', 'lead-1'))
    h.server.restore({})
    await h.clock.advance(100)
    expect([h.state('leads'), events, h.store.getRows('leads')]).toEqual(['live', [], []])
  })

  test('an epoch that changes again between a void cursor and the next one is noticed', async () => {
    const h = createRealtimeHarness()
    for (let version = 1; version <= 5; version += 1) h.server.write('leads', 'lead-1')
    await live(h)
    h.server.trimLog()
    h.server.hang()
    h.connectivity.emit('visible')
    await settle()
    h.server.restore({ leads: [{ id: 'lead-1', version: 2 }] })
    h.server.answer()
    await h.clock.advance(2_000)
    expect(h.store.getRow('leads', 'lead-1')?.row.version).toBe(2)
  })

  test('rows of a reading that a new epoch overtook are left out', async () => {
    const h = createRealtimeHarness()
    for (let version = 1; version <= 5; version += 1) h.server.write('leads', 'lead-1')
    await live(h, 'appointments')
    h.server.hang()
    h.service.subscribe('leads', () => {})
    h.server.answer()
    await Promise.resolve()
    h.server.hang()
    await settle()
    expect(h.server.asked.at(-1)).toBe('/api/leads?limit=200')
    h.server.restore({ leads: [{ id: 'lead-1', version: 2 }] })
    h.connectivity.emit('visible')
    await settle()
    h.server.answer()
    await settle()
    expect(h.store.getRow('leads', 'lead-1')?.row.version).toBe(2)
  })

  test('servers that disagree about the epoch do not make a tight loop', async () => {
    const h = createRealtimeHarness()
    await live(h)
    const asked = h.server.asked.length
    const cursorGone = (epoch: string) => ({ status: 410, body: { success: false, code: 'CURSOR_GONE', mustRefetch: true, epoch } })
    const first = (epoch: string) => ({ status: 200, body: { changes: [], next: 'x', hasMore: false, horizonLagMs: 0, epoch } })
    const rows = { status: 200, body: { leads: [], nextCursor: null } }
    for (let round = 0; round < 50; round += 1)
      h.server.answerNext.push(cursorGone('b'), first('b'), rows, cursorGone('a'), first('a'), rows)
    await h.clock.advance(60_000)
    expect(h.server.asked.length - asked).toBeLessThan(60)
  })

  test('a log that lags more than 10 s behind counts as stale and is asked again soon', async () => {
    const h = createRealtimeHarness()
    await live(h)
    h.server.horizonLagMs = 10_001
    await h.clock.advance(60_000)
    expect(h.state('leads')).toBe('stale')
    h.server.horizonLagMs = 0
    await h.clock.advance(3_000)
    expect(h.state('leads')).toBe('live')
  })

  test('becomes offline and recovers with the network', async () => {
    const h = createRealtimeHarness()
    const { events } = await live(h)
    h.connectivity.emit('offline')
    expect(h.state('leads')).toBe('offline')
    h.source.status('leads', 'lost')
    h.server.write('leads', 'lead-1')
    h.connectivity.emit('online')
    await settle()
    expect(h.source.refreshes).toBe(1)
    expect(events).toHaveLength(1)
    expect(h.state('leads')).toBe('stale')
  })

  test('catches up when the page comes to the front, with a fresh token', async () => {
    const h = createRealtimeHarness()
    const { events } = await live(h)
    h.server.write('leads', 'lead-1')
    h.connectivity.emit('visible')
    await settle()
    expect(events).toHaveLength(1)
    expect(h.source.refreshes).toBe(1)
  })

  test('a catch-up without an answer makes it stale and is tried again', async () => {
    const h = createRealtimeHarness()
    await live(h)
    h.server.answerNext.push(new TypeError('no answer in time'))
    await h.until(() => h.server.answerNext.length === 0)
    expect(h.state('leads')).toBe('stale')
    await h.clock.advance(2_000)
    expect(h.state('leads')).toBe('live')
  })

  test('403 forgets the rows and says denied; once allowed again the rows are read anew', async () => {
    const h = createRealtimeHarness()
    h.server.write('leads', 'lead-1')
    await live(h)
    h.server.answerNext.push({ status: 403, body: {} })
    await h.until(() => h.state('leads') === 'denied')
    h.source.push('leads', { eventType: 'UPDATE', new: { id: 'lead-1', version: 9 }, old: { id: 'lead-1' } })
    expect(h.store.getRows('leads')).toEqual([])
    await h.clock.advance(2_000)
    expect(h.state('leads')).toBe('live')
    expect(h.store.getRows('leads')).toHaveLength(1)
  })

  test('rows that cannot be read are tried again with growing pauses', async () => {
    const h = createRealtimeHarness()
    h.server.answerNext.push(
      ...[0, 0].flatMap(() => [
        { status: 200, body: { changes: [], next: 'epoch-1:0', hasMore: false, horizonLagMs: 0, epoch: 'epoch-1' } },
        { status: 503, body: {} },
      ]),
    )
    await live(h)
    expect(h.state('leads')).toBe('stale')
    await h.clock.advance(5_000)
    expect(h.codes()).toEqual(['SNAPSHOT_FAILED', 'SNAPSHOT_FAILED'])
    expect(h.state('leads')).toBe('live')
  })
})

describe('code of the host', () => {
  test('rows that never come are given up after a minute and a half and asked for again', async () => {
    let asked = 0
    const snapshot = async function* () {
      asked += 1
      if (asked === 1) await new Promise(() => {})
      yield [{ id: 'lead-1', version: 1 }]
    }
    const h = createRealtimeHarness({ snapshot })
    await live(h)
    await h.clock.advance(89_000)
    expect([asked, h.state('leads')]).toEqual([1, 'syncing'])
    await h.clock.advance(5_000)
    expect([asked, h.state('leads'), h.codes()]).toEqual([2, 'live', ['SNAPSHOT_FAILED']])
    h.service.destroy()
    expect(h.clock.pending()).toBe(0)
  })

  test('rows that never come keep no timer once the user has gone', async () => {
    const h = createRealtimeHarness({
      snapshot: async function* () {
        await new Promise(() => {})
        yield []
      },
    })
    await live(h)
    h.service.destroy()
    await settle()
    expect([h.clock.pending(), h.codes()]).toEqual([0, []])
  })

  test('a source that throws breaks no component: its table is polled, and it is told', async () => {
    const fail = () => {
      throw new Error('broken')
    }
    const h = createRealtimeHarness({
      source: { join: fail, refreshAuth: () => Promise.reject(new Error('broken')), setUser: fail, close: fail },
    })
    const events: RowChangeEvent[] = []
    h.service.subscribe('leads', (event) => events.push(event))
    await settle()
    h.server.write('leads', 'lead-1')
    h.connectivity.emit('visible')
    await settle()
    expect([versionsOf(events), h.state('leads')]).toEqual([['INSERT lead-1 1'], 'stale'])
    h.service.destroy()
    await settle()
    expect([...new Set(h.codes())]).toEqual(['CHANNEL_FAILED'])
  })
})

describe('polling, without a feed', () => {
  test('asks every few seconds, right after an acknowledgement, and rarely while hidden', async () => {
    const h = createRealtimeHarness({ source: createPollingChangeSource() })
    const events: RowChangeEvent[] = []
    h.service.subscribe('leads', (event) => events.push(event))
    await settle()
    expect(h.state('leads')).toBe('live')
    h.server.write('leads', 'lead-1')
    await h.clock.advance(2_500)
    expect(events).toHaveLength(1)
    h.server.write('leads', 'lead-1')
    h.service.nudge()
    await settle()
    expect(events).toHaveLength(2)
    h.connectivity.emit('hidden')
    const asked = h.server.asked.length
    await h.clock.advance(29_999)
    expect(h.server.asked).toHaveLength(asked)
    expect(h.info('leads')?.gapsRepaired).toBe(0)
  })

  test('does not render every component at each poll', async () => {
    const h = createRealtimeHarness({ source: createPollingChangeSource() })
    h.service.subscribe('leads', () => {})
    await settle()
    const listener = jest.fn()
    h.service.subscribeState(listener)
    const view = h.service.getState('leads')
    await h.clock.advance(29_000)
    expect(listener).not.toHaveBeenCalled()
    expect(h.service.getState('leads')).toBe(view)
  })

  test('says when it synced, also after the clock stepped back two hours', async () => {
    const h = createRealtimeHarness({ source: createPollingChangeSource() })
    h.service.subscribe('leads', () => {})
    await settle()
    h.clock.step(-7_200_000)
    await h.clock.advance(5_000)
    expect(Math.abs((h.service.getState('leads').lastSyncedAt ?? 0) - h.clock.now())).toBeLessThan(5_000)
  })

  test('is offline when the server cannot be reached', async () => {
    const h = createRealtimeHarness({ source: createPollingChangeSource() })
    h.service.subscribe('leads', () => {})
    await settle()
    h.server.answerNext.push(new Error('network'))
    await h.clock.advance(2_500)
    expect(h.state('leads')).toBe('offline')
    await h.clock.advance(2_500)
    expect(h.state('leads')).toBe('live')
  })
})

describe('another user', () => {
  test('nothing is joined or read while nobody is signed in', async () => {
    const h = createRealtimeHarness({ user: null })
    h.service.subscribe('leads', () => {})
    h.connectivity.emit('online')
    await h.clock.advance(120_000)
    expect([h.source.calls, h.server.asked, h.state('leads')]).toEqual([[], [], 'idle'])
  })

  test('leaves the channels at once, forgets what was seen, and keeps the subscribers', async () => {
    const h = createRealtimeHarness()
    const { events } = await live(h)
    h.source.push('leads', h.server.write('leads', 'lead-1'))
    h.store.purge()
    h.service.setUser(EVE)
    expect(h.source.calls).toEqual(['join leads', 'leave leads', 'join leads'])
    expect(h.info('leads')).toMatchObject({ received: 0, cursor: null, listeners: 1 })
    h.source.status('leads', 'flowing')
    await settle()
    h.source.push('leads', { eventType: 'INSERT', new: { id: 'lead-9', version: 1 }, old: null })
    expect(versionsOf(events)).toEqual(['INSERT lead-1 1', 'INSERT lead-9 1'])
  })

  test("an answer to the former user's question changes nothing", async () => {
    const h = createRealtimeHarness()
    h.server.write('leads', 'secret')
    h.server.hang()
    h.service.subscribe('leads', () => {})
    await settle()
    h.service.setUser(null)
    h.server.answer()
    await settle()
    expect(h.store.getRows('leads')).toEqual([])
    expect(h.server.asked).toEqual(['/api/sync/changes'])
  })

  test('a subscriber may switch the user: nobody is told the rest, and the next user starts without a cursor', async () => {
    const h = createRealtimeHarness()
    await live(h)
    const told: unknown[] = []
    h.service.subscribe('leads', (event) => {
      told.push(event.new?.id)
      h.service.setUser(EVE)
    })
    h.server.write('leads', 'lead-1')
    h.server.write('leads', 'lead-2')
    const asked = h.server.asked.length
    h.connectivity.emit('visible')
    await settle()
    expect(told).toEqual(['lead-1'])
    expect(h.server.asked[asked + 1]).toBe('/api/sync/changes')
  })

  test('a page of rows under way is dropped as well', async () => {
    const h = createRealtimeHarness()
    h.server.write('leads', 'secret')
    await live(h, 'appointments')
    h.server.hang()
    h.service.subscribe('leads', () => {})
    h.server.answer()
    await Promise.resolve()
    h.server.hang()
    await settle()
    expect(h.server.asked.at(-1)).toBe('/api/leads?limit=200')
    h.service.setUser(null)
    h.server.answer()
    await settle()
    expect(h.store.getRows('leads')).toEqual([])
  })

  test('a listener may sign the user out while a table is being joined: nothing stays joined', async () => {
    const h = createRealtimeHarness()
    const stop = h.service.subscribeState(() => {
      stop()
      h.service.setUser(null)
    })
    h.service.subscribe('leads', () => {})
    await settle()
    expect([h.source.isJoined('leads'), h.state('leads'), h.server.asked]).toEqual([false, 'idle', []])
  })

  test('destroy leaves no timer behind', async () => {
    const h = createRealtimeHarness()
    await live(h)
    h.service.destroy()
    expect(h.clock.pending()).toBe(0)
    expect(h.source.isJoined('leads')).toBe(false)
  })
})
