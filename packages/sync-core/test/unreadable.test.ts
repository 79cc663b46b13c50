import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { bookingConfirm, HEADERS, leadBulkUpdateStatus, leadUpdateStatus, smsSend } from '@org/contracts/client'
import { aLead, anAppointment } from '@org/contracts/testing'
import { createSyncHarness, type SyncHarness } from '../src/testing/index.js'

let world: SyncHarness
const LEADS = Array.from({ length: 401 }, (_, index) => aLead({ id: `lead-${index}` }))
beforeEach(async () => {
  world = await createSyncHarness({ rows: { appointments: [anAppointment()], leads: [aLead(), ...LEADS] } })
})
afterEach(() => world.close())

const told: string[] = []
const callbacks = {
  onSuccess: () => told.push('success'),
  onError: () => told.push('error'),
  onSettled: () => told.push('settled'),
}
beforeEach(() => {
  told.length = 0
})
const confirm = () => world.client.submit(bookingConfirm, { appointmentId: 'apt-123' }, {}, callbacks).id
const viewOf = (id: string) => world.client.getMutation(id)
const reports = (code: string) => world.telemetry.filter((event) => event.type === 'diagnostic' && event.code === code)
const looks = (id: string) => world.server.requests.filter(({ method, path }) => method === 'GET' && path === `/api/mutations/${id}`).length
const recorded = { [HEADERS.idempotencyOutcome]: 'recorded' }

describe('an answer that cannot be read', () => {
  test.each([[null], [[]], ['ok'], [{ success: true }], [{ success: true, appointment: { status: 'confirmed' } }]])(
    'is no success and asked for again: %j',
    async (body) => {
      world.server.next({ status: 200, body })
      const id = confirm()
      await world.settle()
      expect(viewOf(id)).toMatchObject({ phase: 'retrying', error: { code: 'ANSWER_INVALID', willRetry: true } })
      await world.advance(1_000)
      expect(viewOf(id)).toMatchObject({ phase: 'success', unreadable: false, data: { appointment: { status: 'confirmed' } } })
      expect(told).toEqual(['success', 'settled'])
      expect(reports('ANSWER_INVALID')).toHaveLength(1)
    },
  )

  test('is done once the ledger holds it and it still cannot be read, with nothing to hand over', async () => {
    const id = confirm()
    world.server.answerKey(id, { status: 200, body: { success: true }, headers: recorded })
    const next = world.client.submit(bookingConfirm, { appointmentId: 'apt-123', notes: 'again' }).id
    await world.advance(2_000)
    expect(viewOf(id)).toMatchObject({ phase: 'success', unreadable: true, data: undefined, error: undefined, settled: true })
    expect(told).toEqual(['settled'])
    expect(world.server.writes.filter(({ key }) => key === id)).toHaveLength(2)
    expect(viewOf(next)?.settled).toBe(true)
    expect(reports('ANSWER_INVALID')).toHaveLength(1)
  })

  test('is read from the ledger where only the answers to a write are spoiled', async () => {
    const id = confirm()
    world.server.answerKey(id, 'lost-response')
    await world.settle()
    world.server.answerKey(id, { status: 200, body: 'ok' })
    await world.advance(20_000)
    expect(viewOf(id)).toMatchObject({ phase: 'success', unreadable: false, data: { appointment: { status: 'confirmed' } } })
    expect(looks(id)).toBe(1)
    expect(told).toEqual(['success', 'settled'])
  })

  test('for hours, with nothing in the ledger: it is checked now and then, holds no row, and is never fenced by itself', async () => {
    const id = confirm()
    world.server.answerKey(id, { status: 200, body: {} })
    await world.advance(6 * 3_600_000)
    expect(viewOf(id)).toMatchObject({ phase: 'checking', settled: false })
    expect(world.server.requests.filter(({ key }) => key === id).length).toBeLessThan(50)
    expect(world.server.requests.some(({ path }) => path.endsWith('/resolve'))).toBe(false)
    const next = world.client.submit(bookingConfirm, { appointmentId: 'apt-123', notes: 'again' }).id
    await world.settle()
    expect(viewOf(next)?.settled).toBe(true)
    world.server.answerKey(id, undefined)
    await world.advance(40 * 60_000)
    expect(viewOf(id)?.settled).toBe(true)
  })

  test('that says itself that it failed is never done, whoever recorded it', async () => {
    const id = confirm()
    world.server.answerKey(id, { status: 200, body: { success: false, error: 'x', code: 'STORE_UNAVAILABLE' }, headers: recorded })
    await world.advance(3_600_000)
    expect(viewOf(id)).toMatchObject({ phase: 'checking', settled: false })
    expect(told).toEqual([])
  })

  test('makes the row be read again, and keeps what the click meant until then', async () => {
    const seen: unknown[] = []
    world.client.realtime.subscribe('appointments', (event) => seen.push(event.new?.status))
    await world.advance(1_000)
    const id = confirm()
    world.server.answerKey(id, 'lost-response')
    await world.settle()
    world.server.answerKey(id, { status: 200, body: { success: true }, headers: recorded })
    await world.advance(3_000)
    expect(viewOf(id)).toMatchObject({ phase: 'success' })
    expect(world.client.getRow('appointments', 'apt-123')).toMatchObject({ base: { status: 'confirmed', version: 2 }, pendingIds: [] })
  })

  test('of one part of a bulk change makes none of its rows failed', async () => {
    const leadIds = LEADS.map(({ id }) => id)
    const { id } = world.client.submit(leadBulkUpdateStatus, { leadIds, status: 'contacted' }, {}, callbacks)
    world.server.answerKey(`${id}_0002`, { status: 200, body: { success: true }, headers: recorded })
    await world.advance(10_000)
    expect(viewOf(id)).toMatchObject({ phase: 'success', unreadable: true, progress: { failed: 0 } })
    expect(told).toEqual(['settled'])
  })
})

describe('a gateway that takes the echo of the key out of every answer', () => {
  const watch = async () => {
    world.client.realtime.subscribe('leads', () => {})
    world.client.realtime.subscribe('sms_messages', () => {})
    await world.advance(1_000)
    world.server.echoes = false
  }

  test('a click whose row was seen counts as done, with what the ledger holds of it; the header is named once', async () => {
    await watch()
    const first = world.client.submit(leadUpdateStatus, { leadId: 'lead-1', status: 'contacted' }, {}, callbacks).id
    const second = world.client.submit(leadUpdateStatus, { leadId: 'lead-2', status: 'contacted' }).id
    await world.advance(60_000)
    expect(viewOf(first)).toMatchObject({ phase: 'success', data: { lead: { status: 'contacted' } } })
    expect(viewOf(second)?.phase).toBe('success')
    expect(told).toEqual(['success', 'settled'])
    expect(reports('ECHO_MISSING')).toMatchObject([{ message: expect.stringContaining('Idempotency-Key') }])
    expect(world.server.effects).toEqual([first, second])
    expect(world.client.getConnectivity().pendingCount).toBe(0)
  })

  test('also where the API has no such ledger, then with nothing to hand over', async () => {
    await watch()
    const id = world.client.submit(leadUpdateStatus, { leadId: 'lead-1', status: 'contacted' }, {}, callbacks).id
    world.server.hidesLedger = true
    await world.advance(60_000)
    expect(viewOf(id)).toMatchObject({ phase: 'success', unreadable: true })
    expect(told).toEqual(['settled'])
  })

  test('an SMS is done only when the ledger says so: its row alone does not say that it was sent', async () => {
    await watch()
    world.server.hidesLedger = true
    const id = world.client.submit(smsSend, { leadId: 'lead-1', message: 'Hi' }).id
    await world.advance(60_000)
    expect(viewOf(id)).toMatchObject({ settled: false })
    world.server.hidesLedger = false
    world.server.echoes = true
    await world.advance(600_000)
    expect(viewOf(id)?.phase).toBe('success')
    expect(world.server.effects).toEqual([id])
  })
})
