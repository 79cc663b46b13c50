import { describe, expect, test } from '@jest/globals'
import type { RowChangeEvent } from '../../src/realtime/RealtimeSyncService.js'
import { settle } from '../../src/testing/settle.js'
import { createRealtimeHarness } from './harness.js'

const HOUR_MS = 3_600_000

/** A tab that watches leads, live, with what it was told. */
async function watchLeads(...ids: string[]) {
  const h = createRealtimeHarness()
  const told: string[] = []
  for (const id of ids) h.server.write('leads', id)
  h.service.subscribe('leads', (event: RowChangeEvent) =>
    told.push(`${event.eventType} ${event.new?.id ?? event.old?.id} ${event.new?.version ?? '-'}`),
  )
  h.source.status('leads', 'flowing')
  await settle()
  return { ...h, told, rows: () => h.store.getRows('leads').map(({ row }) => `${row.id} ${row.version}`) }
}

/** The next reading of the log finds the cursor void. */
async function meetVoidCursor(h: Awaited<ReturnType<typeof watchLeads>>): Promise<void> {
  h.connectivity.emit('visible')
  await settle()
  expect(h.state('leads')).toBe('live')
}

describe('a push that arrives late', () => {
  test('after a void cursor: a row inserted and deleted meanwhile does not come back, not even for a moment', async () => {
    const h = await watchLeads('stays')
    h.server.trimLog()
    const inserted = h.server.write('leads', 'ghost')
    h.server.remove('leads', 'ghost')
    await meetVoidCursor(h)
    h.source.push('leads', inserted)
    expect(h.rows()).toEqual(['stays 1'])
    await h.clock.advance(HOUR_MS)
    h.source.push('leads', inserted)
    await h.clock.advance(HOUR_MS)
    expect([h.rows(), h.told, h.state('leads')]).toEqual([['stays 1'], [], 'live'])
  })

  test('after a void cursor: a row that vanished meanwhile does not come back by a change that came before its end', async () => {
    const h = await watchLeads('goes')
    h.server.trimLog()
    const updated = h.server.write('leads', 'goes')
    h.server.remove('leads', 'goes')
    await meetVoidCursor(h)
    h.source.push('leads', updated)
    expect(h.rows()).toEqual([])
    await h.clock.advance(HOUR_MS)
    expect([h.rows(), h.told]).toEqual([[], ['DELETE goes -']])
  })

  test('after a new epoch: a row that was deleted in it does not come back', async () => {
    const h = await watchLeads('stays')
    h.server.restore({ leads: [{ id: 'stays', version: 1 }] })
    const inserted = h.server.write('leads', 'ghost')
    h.server.remove('leads', 'ghost')
    await meetVoidCursor(h)
    h.source.push('leads', inserted)
    expect(h.rows()).toEqual(['stays 1'])
    await h.clock.advance(HOUR_MS)
    expect([h.rows(), h.told]).toEqual([['stays 1'], ['UPDATE stays 1']])
  })

  test('after a new epoch: what a row was in the former one is put right, though its version is higher', async () => {
    const h = await watchLeads('lead-1')
    const former = h.server.write('leads', 'lead-1', { note: 'of the former epoch' })
    h.server.restore({ leads: [{ id: 'lead-1', version: 1, note: 'restored' }] })
    await meetVoidCursor(h)
    h.source.push('leads', former)
    await h.clock.advance(120_000)
    expect([h.rows(), h.state('leads'), h.told.at(-1)]).toEqual([['lead-1 1'], 'live', 'UPDATE lead-1 1'])
  })

  test('after a void cursor: a row that is new to everybody is shown as soon as the log has it', async () => {
    const h = await watchLeads('stays')
    h.server.trimLog()
    await meetVoidCursor(h)
    h.source.push('leads', h.server.write('leads', 'new'))
    await h.clock.advance(100)
    expect([h.rows(), h.told]).toEqual([['stays 1', 'new 1'], ['INSERT new 1']])
  })

  test('after a void cursor: a change of a row that is known is shown at once', async () => {
    const h = await watchLeads('lead-1')
    h.server.trimLog()
    await meetVoidCursor(h)
    h.source.push('leads', h.server.write('leads', 'lead-1'))
    expect(h.rows()).toEqual(['lead-1 2'])
  })

  test('after rows were denied and allowed again: a row that was deleted before does not come back', async () => {
    const h = await watchLeads('stays')
    const inserted = h.server.write('leads', 'ghost')
    h.server.remove('leads', 'ghost')
    await meetVoidCursor(h)
    h.server.answerNext.push({ status: 403, body: {} })
    await h.until(() => h.state('leads') === 'denied')
    await h.until(() => h.state('leads') === 'live')
    h.source.push('leads', inserted)
    expect(h.rows()).toEqual(['stays 1'])
  })

  test('at the start: a row whose end came before the first cursor is gone within two minutes', async () => {
    const h = createRealtimeHarness()
    h.service.subscribe('leads', () => {})
    h.source.status('leads', 'flowing')
    const inserted = h.server.write('leads', 'ghost')
    h.server.remove('leads', 'ghost')
    await settle()
    h.source.push('leads', inserted)
    await h.clock.advance(120_000)
    expect([h.store.getRows('leads'), h.state('leads')]).toEqual([[], 'live'])
  })

  test('a deletion that never happened is put right, where the push names a version', async () => {
    const h = await watchLeads('lead-1')
    h.source.push('leads', { eventType: 'DELETE', new: null, old: { id: 'lead-1' }, version: 7 })
    await h.clock.advance(120_000)
    expect([h.rows(), h.told]).toEqual([['lead-1 1'], ['DELETE lead-1 -', 'INSERT lead-1 1']])
  })

  test('what the log confirms is read once: nobody reads rows again for it', async () => {
    const h = await watchLeads('lead-1')
    for (let round = 0; round < 5; round += 1) {
      h.source.push('leads', h.server.write('leads', 'lead-1'))
      await h.clock.advance(60_000)
    }
    expect(h.server.asked.filter((path) => path.startsWith('/api/leads'))).toHaveLength(1)
  })
})
