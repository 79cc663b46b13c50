import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { bookingConfirm, leadUpdateStatus } from '@org/contracts'
import { aLead, anAppointment } from '@org/contracts/testing'
import type { MutationRecord } from '../src/mutation/MutationRecord.js'
import { createSyncHarness, type DiskFault, type HarnessTab, type SyncHarness } from '../src/testing/index.js'

const rows = { appointments: [anAppointment()], leads: [aLead(), aLead({ id: 'lead-124' })] }
let world: SyncHarness
beforeEach(async () => {
  world = await createSyncHarness({ rows })
})
afterEach(() => world.close())

const confirm = (client = world.client) => client.submit(bookingConfirm, { appointmentId: 'apt-123' }).id
const mark = (leadId = 'lead-123', client = world.client) => client.submit(leadUpdateStatus, { leadId, status: 'contacted' }).id
const diagnostics = ({ telemetry }: HarnessTab = world) => telemetry.flatMap((event) => (event.type === 'diagnostic' ? [event.code] : []))
const durability = () => world.client.getConnectivity().durability
const queueDatabase = () => [...world.browser.databases].find(([name]) => !name.includes('origin'))![1]
const onDisk = () => [...queueDatabase()].flatMap(([key, value]) => (typeof key === 'number' ? [value as MutationRecord] : []))
const idsOnDisk = () => onDisk().map(({ id }) => id)

/** A new page load finds them all and sends each once. */
async function expectNothingMissing(...ids: string[]): Promise<void> {
  const client = await world.reload()
  expect(
    client
      .getQueue()
      .map(({ id }) => id)
      .sort(),
  ).toEqual([...ids].sort())
  await world.goOnline()
  await world.advance(15_000)
  expect([...world.server.effects].sort()).toEqual([...ids].sort())
}

describe('a fault that passes', () => {
  test.each<DiskFault>(['error', 'abort', 'throw'])('%s, once: nobody notices, and everything is on disk', async (fault) => {
    await world.goOffline()
    world.browser.disk.next(fault)
    const first = confirm()
    const second = mark()
    await world.settle()
    expect([durability(), diagnostics()]).toEqual(['disk', []])
    expect(world.client.getMutation(first)?.durability).toBe('disk')
    await expectNothingMissing(first, second)
  })

  test.each<[string, DiskFault[], number]>([
    ['errors on new connections as well', ['error', 'error', 'error', 'error'], 100],
    ['aborts, whatever is tried', ['abort', 'abort', 'abort', 'abort'], 100],
    ['throws', ['throw', 'throw', 'throw', 'throw'], 100],
    ['hangs', ['hang'], 2_100],
    ['writes and does not say so', ['land'], 2_100],
    ['is full, and what has ended makes no room', ['full', 'full', 'full'], 100],
  ])('%s: goes on in memory, says so, and is back on disk a moment later', async (_name, faults, leftAfterMs) => {
    await world.goOffline()
    world.browser.disk.next(...faults)
    const first = confirm()
    await world.advance(leftAfterMs)
    expect([durability(), world.client.getMutation(first)?.durability]).toEqual(['memory', 'memory'])
    const second = mark()
    await world.advance(3_000)
    expect([durability(), world.client.getMutation(second)?.durability]).toEqual(['disk', 'disk'])
    expect(diagnostics()).toEqual([expect.stringMatching(/^STORAGE_(REFUSED|FULL)$/), 'STORAGE_BACK'])
    expect(idsOnDisk()).toEqual([first, second])
    await expectNothingMissing(first, second)
  })

  test('lasts: tries come ever less often, each minute at last, and the first that works brings all back', async () => {
    await world.goOffline()
    world.browser.disk.next(...Array<DiskFault>(4 + 7).fill('error'))
    const first = confirm()
    await world.advance(1_000 + 2_000 + 4_000 + 8_000 + 16_000 + 32_000 + 60_000)
    expect(durability()).toBe('memory')
    await world.advance(120_000)
    expect(durability()).toBe('disk')
    expect(diagnostics()).toEqual(['STORAGE_REFUSED', 'STORAGE_BACK'])
    await expectNothingMissing(first)
  })

  test('comes again: storage is left and found as often as it takes', async () => {
    await world.goOffline()
    for (const click of [confirm, mark, () => mark('lead-124')]) {
      world.browser.disk.next('hang')
      click()
      await world.advance(4_000)
      expect(durability()).toBe('disk')
    }
    expect(diagnostics().filter((code) => code === 'STORAGE_BACK')).toHaveLength(3)
    expect(idsOnDisk()).toHaveLength(3)
  })

  test('at the start of a page: what is stored is learned as soon as it can be read', async () => {
    await world.goOffline()
    const first = confirm()
    await world.settle()
    world.browser.disk.next('error', 'error')
    const client = await world.reload()
    expect(durability()).toBe('memory')
    const second = mark('lead-123', client)
    await world.advance(2_000)
    expect(client.getQueue().map(({ id }) => id)).toEqual([first, second])
    await expectNothingMissing(first, second)
  })

  test('while an attempt is under way: its answer counts, and the click takes effect once', async () => {
    world.server.hold()
    const id = confirm()
    await world.settle()
    world.browser.disk.next('hang')
    mark()
    await world.advance(2_500)
    expect(durability()).toBe('memory')
    await world.advance(1_500)
    expect(durability()).toBe('disk')
    expect(onDisk().find((record) => record.id === id)).toMatchObject({ state: 'sending', attempts: 1 })
    world.server.release()
    await world.advance(5_000)
    expect(world.client.getMutation(id)?.phase).toBe('success')
    expect(world.server.writes.filter(({ path }) => path.includes('confirm'))).toHaveLength(1)
  })

  test('while another tab goes on: what that ended, unheard, stays ended, and both show the same', async () => {
    const other = await world.openTab()
    await world.goOffline()
    const id = mark()
    await world.settle()
    world.tab.receive = () => {}
    expect(await other.client.cancel(id)).toBe('cancelled')
    world.browser.disk.next('hang')
    const own = mark('lead-124')
    await world.advance(2_200)
    expect(world.client.getMutation(id)?.phase).toBe('queued')
    await world.advance(4_000)
    expect(durability()).toBe('disk')
    for (const { client } of [world, other]) expect(client.getQueue().map((queued) => queued.id)).toEqual([own])
    await world.goOnline()
    await world.advance(10_000)
    expect(world.server.effects).toEqual([own])
  })

  test('while another tab takes a click back: it asks the server, as this one may have sent it unseen', async () => {
    const other = await world.openTab()
    await world.goOffline()
    const id = mark()
    await world.settle()
    world.browser.disk.next('hang', ...Array<DiskFault>(3).fill('error'))
    mark('lead-124')
    await world.advance(2_200)
    world.server.hold()
    await world.goOnline()
    await world.advance(2_100)
    expect(world.server.writes.some(({ key }) => key === id)).toBe(true)
    const answer = other.client.cancel(id)
    world.server.release()
    expect(await answer).toBe('already-done')
    await world.advance(20_000)
    for (const { client } of [world, other]) expect(client.getMutation(id)?.phase).toBe('success')
  })

  test('in another tab, which ends so: what it may have sent is asked about, what was clicked afterwards is not', async () => {
    const other = await world.openTab()
    await world.goOffline()
    const before = mark()
    await world.settle()
    world.browser.disk.next('hang')
    mark('lead-124', other.client)
    await world.advance(2_200)
    expect(other.client.getConnectivity().durability).toBe('memory')
    await world.crash(other)
    const after = confirm()
    await world.settle()
    expect(await world.client.cancel(after)).toBe('cancelled')
    expect(await world.client.cancel(before)).toBe('unreachable')
    expect(world.server.requests.filter(({ key }) => key !== null)).toEqual([])
  })

  test('is told once to the other tabs, which show what memory held', async () => {
    const other = await world.openTab()
    await world.goOffline()
    world.browser.disk.next('hang')
    const id = confirm()
    await world.advance(2_500)
    expect(other.client.getMutation(id)).toBeUndefined()
    await world.advance(1_000)
    expect(other.client.getMutation(id)?.phase).toBe('queued')
  })
})

describe('connections closed by force', () => {
  test('are opened again, although the first try fails', async () => {
    await world.goOffline()
    const first = confirm()
    await world.settle()
    world.browser.disk.close()
    const second = mark()
    await world.advance(100)
    expect([durability(), diagnostics()]).toEqual(['disk', []])
    await expectNothingMissing(first, second)
  })

  test('with all site data cleared: the only tab stores its clicks again and says so', async () => {
    await world.goOffline()
    const first = confirm()
    await world.settle()
    world.browser.disk.clear()
    await world.advance(100)
    expect(diagnostics()).toEqual(['STORAGE_LOST'])
    expect(onDisk()).toMatchObject([{ id: first, state: 'queued', attempts: 0, ambiguous: false }])
    await expectNothingMissing(first)
  })

  test('with all site data cleared while storage was left: both are found and told', async () => {
    await world.goOffline()
    const first = confirm()
    await world.settle()
    world.browser.disk.next('hang')
    const second = mark()
    await world.advance(2_500)
    world.browser.disk.clear()
    await world.advance(3_000)
    expect(diagnostics()).toEqual(['STORAGE_REFUSED', 'STORAGE_BACK', 'STORAGE_LOST'])
    expect(idsOnDisk()).toEqual([first, second])
    await expectNothingMissing(first, second)
  })
})

test('another tab that holds the store for four seconds: the click is on disk a moment later', async () => {
  await world.goOffline()
  world.browser.disk.hold()
  const id = confirm()
  await world.advance(4_000)
  expect(world.client.getMutation(id)?.durability).toBe('memory')
  world.browser.disk.release()
  await world.advance(1_000)
  expect(durability()).toBe('disk')
  expect(idsOnDisk()).toEqual([id])
  expect(onDisk()).toMatchObject([{ ambiguous: false, attempts: 0 }])
  await expectNothingMissing(id)
})

test('an adapter that throws while it opens is one that rejects', async () => {
  world.close()
  const storage = () => {
    throw new DOMException('no', 'SecurityError')
  }
  world = await createSyncHarness({ rows, adapters: { storage } })
  const id = confirm()
  await world.advance(1_000)
  expect(world.client.getMutation(id)?.phase).toBe('success')
  expect([durability(), world.server.effects]).toEqual(['memory', [id]])
})
