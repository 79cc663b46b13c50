import { afterEach, expect, jest, test } from '@jest/globals'
import { bookingConfirm, leadUpdateStatus } from '@org/contracts'
import { aLead, anAppointment } from '@org/contracts/testing'
import { createSyncHarness, type SyncHarness } from '../src/testing/index.js'

let world: SyncHarness
afterEach(() => world.close())

const rows = { appointments: [anAppointment()], leads: [aLead()] }

test('a click is stored, sent once with its key, and settled', async () => {
  world = await createSyncHarness({ rows })
  expect(world.client.getIdentity()).toEqual({ state: 'confirmed', actor: 'user-456', tenant: 'org-1' })
  const told: string[] = []
  const { id, settled } = world.client.submit(
    bookingConfirm,
    { appointmentId: 'apt-123' },
    {},
    { onSuccess: (data) => told.push(data.appointment.status) },
  )
  expect(world.client.getRow('appointments', 'apt-123')?.row.status).toBe('confirmed')
  await world.settle()
  expect((await settled).phase).toBe('success')
  expect(told).toEqual(['confirmed'])
  expect(world.server.effects).toEqual([id])
  expect(world.telemetry.map(({ type }) => type)).toEqual(['submitted', 'stored', 'attempt', 'acknowledged', 'settled'])
})

test('two clicks offline survive a reload and take effect once each when the network returns', async () => {
  world = await createSyncHarness({ rows })
  await world.goOffline()
  const first = world.client.submit(bookingConfirm, { appointmentId: 'apt-123' })
  const second = world.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'contacted' })
  await world.settle()
  expect(world.client.getMutation(first.id)?.phase).toBe('queued')
  await world.reload()
  expect(world.client.getQueue().map(({ id }) => id)).toEqual([first.id, second.id])
  expect(world.client.getRow('leads', 'lead-123')?.row.status).toBe('contacted')
  await world.goOnline()
  await world.advance(10_000)
  expect(world.server.effects.toSorted()).toEqual([first.id, second.id].toSorted())
  expect(world.client.getQueue()).toEqual([])
})

test('a second tab shows the click of the first, and only one of them sends it', async () => {
  world = await createSyncHarness({ rows })
  const other = await world.openTab()
  world.server.hold()
  const { id } = world.client.submit(bookingConfirm, { appointmentId: 'apt-123' })
  await world.settle()
  expect(other.client.getMutation(id)?.phase).toBe('running')
  expect(other.client.getLatestInLane('appointment:apt-123', 'booking.confirm')?.id).toBe(id)
  world.server.release()
  await world.advance(5_000)
  expect(other.client.getMutation(id)?.phase).toBe('success')
  expect(world.server.writes).toHaveLength(1)
})

test('the closed loop is told with its times, up to the echo of the committed row', async () => {
  world = await createSyncHarness({ rows })
  world.client.realtime.subscribe('appointments', () => {})
  await world.advance(1_000)
  const { id } = world.client.submit(bookingConfirm, { appointmentId: 'apt-123' })
  await world.advance(60_000)
  const events = world.telemetry.filter((event) => 'mutationId' in event && event.mutationId === id)
  expect(events.map(({ type }) => type)).toEqual(['submitted', 'stored', 'attempt', 'acknowledged', 'settled', 'echoed'])
  const closure = events.flatMap((event) => (event.type === 'echoed' ? [event.closure] : []))[0]
  expect(Object.values(closure ?? {}).every((at) => typeof at === 'number')).toBe(true)
  expect(JSON.stringify(events)).not.toContain('apt-123')
})

test('window.DEBUG_SYNC logs each event, without a reload', async () => {
  world = await createSyncHarness({ rows })
  const log = jest.spyOn(console, 'log').mockImplementation(() => {})
  Object.assign(globalThis, { DEBUG_SYNC: true })
  await world.client.submit(bookingConfirm, { appointmentId: 'apt-123' }).settled
  Object.assign(globalThis, { DEBUG_SYNC: undefined })
  expect(log.mock.calls.map(([prefix, type]) => `${prefix} ${type}`)).toEqual(
    expect.arrayContaining(['[sync] submitted', '[sync] settled']),
  )
})
