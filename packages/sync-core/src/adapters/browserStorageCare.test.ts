import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { bookingConfirm, leadUpdateStatus } from '@org/contracts'
import { aLead, anAppointment } from '@org/contracts/testing'
import { createSyncHarness, type SyncHarness } from '../testing/index.js'
import { careForStorage } from './browserStorageCare.js'

let world: SyncHarness
let page: EventTarget
beforeEach(async () => {
  world = await createSyncHarness({ rows: { appointments: [anAppointment()], leads: [aLead()] } })
  page = new EventTarget()
  Object.assign(globalThis, { window: page })
  careForStorage(world.client)
  await world.goOffline()
})
afterEach(() => {
  world.close()
  Reflect.deleteProperty(globalThis, 'window')
})

const asksBeforeItGoes = () => !page.dispatchEvent(new Event('beforeunload', { cancelable: true }))
const confirm = () => world.client.submit(bookingConfirm, { appointmentId: 'apt-123' })
const leaveStorage = async () => {
  world.browser.disk.next(...Array<'error'>(12).fill('error'))
  await world.advance(20_000)
}

test('a click that is on disk goes with no page, whatever storage does now', async () => {
  confirm()
  await world.settle()
  await leaveStorage()
  expect(world.client.getConnectivity()).toMatchObject({ durability: 'memory', pendingCount: 1 })
  expect(asksBeforeItGoes()).toBe(false)
})

test('a click that is in memory only would go with the page: it asks, until the click is on disk', async () => {
  await leaveStorage()
  world.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'contacted' })
  await world.settle()
  expect(asksBeforeItGoes()).toBe(true)
  world.browser.disk.heal()
  await world.advance(61_000)
  expect(world.client.getConnectivity().durability).toBe('disk')
  expect(asksBeforeItGoes()).toBe(false)
})

test('what has ended in memory is lost to nobody', async () => {
  await leaveStorage()
  world.server.next('FORBIDDEN')
  confirm()
  await world.settle()
  expect(asksBeforeItGoes()).toBe(true)
  await world.goOnline()
  await world.advance(3_000)
  expect(world.client.getQueue()).toMatchObject([{ state: 'dead', durability: 'memory' }])
  expect(asksBeforeItGoes()).toBe(false)
})
