import { afterEach, describe, expect, test } from '@jest/globals'
import { bookingConfirm, leadBulkUpdateStatus, leadUpdateStatus, smsSend } from '@org/contracts'
import { aLead, anAppointment } from '@org/contracts/testing'
import type { OpenStorage } from '../src/ports/MutationStorage.js'
import { createSyncHarness, FakeBrowser, type HarnessOptions, type SyncHarness } from '../src/testing/index.js'

const rows = { appointments: [anAppointment()], leads: [aLead(), aLead({ id: 'lead-124' })] }
let world: SyncHarness
afterEach(() => world.close())

const confirm = () => world.client.submit(bookingConfirm, { appointmentId: 'apt-123' })
const diagnostics = () => world.telemetry.flatMap((event) => (event.type === 'diagnostic' ? [event.code] : []))
const queueDatabase = () => [...world.browser.databases].find(([name]) => !name.includes('origin'))![1]
const places = () => [...queueDatabase().keys()].filter((key) => typeof key === 'number')
const inARow = (count: number) => Array.from({ length: count }, (_, index) => places()[0]! + index)

/** Storage of a fake tab with its transactions replaced. */
function storageWith(transaction: (attempt: number, run: () => Promise<boolean>) => Promise<boolean> | undefined): HarnessOptions {
  const tab = new FakeBrowser().openTab()
  let attempts = 0
  const storage: OpenStorage = async (name) => {
    const store = await tab.openStorage(name)
    if (name.includes('origin')) return store
    return {
      ...store,
      transaction: (options, plan) => {
        const run = () => store.transaction(options, plan)
        return transaction(attempts++, run) ?? run()
      },
    }
  }
  return { rows, adapters: { storage } }
}

describe('storage that fails', () => {
  test('refused from the start: everything works in memory, and says so', async () => {
    const storage: OpenStorage = () => Promise.reject(new DOMException('private mode', 'SecurityError'))
    world = await createSyncHarness({ rows, adapters: { storage } })
    const { id, settled } = confirm()
    await world.settle()
    expect((await settled).phase).toBe('success')
    expect(world.client.getMutation(id)?.durability).toBe('memory')
    expect(world.client.getConnectivity().durability).toBe('memory')
    expect(diagnostics()).toContain('STORAGE_REFUSED')
  })

  test('that never answers: after two seconds it goes on in memory', async () => {
    world = await createSyncHarness({ rows, adapters: { storage: () => new Promise(() => {}) } })
    await world.advance(5_000)
    const { settled } = confirm()
    await world.settle()
    expect((await settled).phase).toBe('success')
  })

  test('that hangs in the middle: the click goes on in memory and takes effect once', async () => {
    world = await createSyncHarness(storageWith((attempt) => (attempt >= 2 ? new Promise(() => {}) : undefined)))
    await world.goOffline()
    confirm()
    await world.settle()
    const second = world.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'contacted' })
    const third = world.client.submit(leadUpdateStatus, { leadId: 'lead-124', status: 'contacted' })
    await world.advance(3_000)
    expect(world.client.getConnectivity().durability).toBe('memory')
    await world.goOnline()
    await world.advance(10_000)
    expect(world.server.effects).toHaveLength(3)
    expect(world.client.getMutation(second.id)?.phase).toBe('success')
    expect(world.client.getMutation(third.id)?.phase).toBe('success')
  })

  test('that wakes up when it was given up writes nothing of what it was asked then: that went on in memory', async () => {
    let wake = () => {}
    const hung = new Promise<void>((resolve) => {
      wake = resolve
    })
    const tab = new FakeBrowser().openTab()
    let attempts = 0
    const onDisk: (readonly unknown[])[] = []
    const storage: OpenStorage = async (name) => {
      const store = await tab.openStorage(name)
      if (name.includes('origin')) return store
      const transaction: typeof store.transaction = async (options, plan) => {
        if (attempts++ === 1) await hung
        return store.transaction(options, async (reader) => {
          const writes = await plan(reader)
          onDisk.push(writes)
          return writes
        })
      }
      return { ...store, transaction }
    }
    world = await createSyncHarness({ rows, adapters: { storage } })
    onDisk.length = 0
    await world.goOffline()
    confirm()
    await world.advance(2_500)
    const second = world.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'contacted' })
    wake()
    await world.settle()
    expect(onDisk).toEqual([])
    expect(world.telemetry).toContainEqual(expect.objectContaining({ type: 'stored', mutationId: second.id, durability: 'memory' }))
  })

  test('that hung before it wrote anything: what was never sent is taken back at once', async () => {
    world = await createSyncHarness(storageWith((attempt) => (attempt === 2 ? new Promise(() => {}) : undefined)))
    await world.goOffline()
    const { id } = confirm()
    await world.advance(2_500)
    expect(await world.client.cancel(id)).toBe('cancelled')
    await world.goOnline()
    await world.advance(10_000)
    expect(world.server.requests.filter(({ method }) => method === 'POST')).toEqual([])
  })

  test('that hangs while a click is taken back: it still holds that, and another tab sends it', async () => {
    world = await createSyncHarness({ rows })
    await world.goOffline()
    const { id } = confirm()
    await world.settle()
    world.browser.disk.next('hang', 'error')
    const answer = world.client.cancel(id)
    await world.advance(2_500)
    expect(await answer).toBe('unreachable')
    const other = await world.openTab()
    world.browser.disk.heal()
    await world.goOnline()
    await world.advance(60_000)
    expect(world.server.effects).toEqual([id])
    expect([world.client, other.client].map((client) => client.getMutation(id)?.phase)).toEqual(['success', 'success'])
  })

  test('that hung while it wrote: it may have landed after all, so only the server may say that a click was never sent', async () => {
    world = await createSyncHarness(storageWith((attempt, run) => (attempt === 2 ? run().then(() => new Promise(() => {})) : undefined)))
    await world.goOffline()
    const { id } = confirm()
    await world.advance(2_500)
    expect(await world.client.cancel(id)).toBe('unreachable')
    await world.goOnline()
    expect(await world.client.cancel(id)).toBe('cancelled')
    expect(world.server.requests.some(({ path }) => path.endsWith('/resolve'))).toBe(true)
    await world.advance(10_000)
    expect(world.server.effects).toEqual([])
  })

  test('that is full: settled results make room, and the click is stored', async () => {
    const full = new DOMException('full', 'QuotaExceededError')
    let isFull = false
    const refuseOnce = () => {
      if (!isFull) return undefined
      isFull = false
      return Promise.reject(full)
    }
    world = await createSyncHarness(storageWith(refuseOnce))
    const old = confirm()
    await world.advance(60_000)
    const recent = world.client.submit(leadUpdateStatus, { leadId: 'lead-124', status: 'contacted' })
    await world.settle()
    isFull = true
    const { id, settled } = world.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'contacted' })
    await world.settle()
    expect((await settled).phase).toBe('success')
    expect(world.client.getMutation(id)?.durability).toBe('disk')
    expect(world.client.getMutation(old.id)).toBeUndefined()
    // Another tab may still take its place for a free one.
    expect(world.client.getMutation(recent.id)?.phase).toBe('success')
    expect(diagnostics()).toEqual([])
  })

  test('that stays full: it goes on in memory', async () => {
    const full = new DOMException('full', 'QuotaExceededError')
    world = await createSyncHarness(storageWith(() => Promise.reject(full)))
    const { settled } = confirm()
    await world.settle()
    expect((await settled).phase).toBe('success')
    expect(diagnostics()).toEqual(['STORAGE_FULL'])
  })
})

test('a page that is looked at while its queue is still being opened opens it once', async () => {
  const tab = new FakeBrowser().openTab()
  const opened: string[] = []
  let gate = Promise.resolve()
  const storage: OpenStorage = async (name) => {
    opened.push(name)
    if (!name.includes('origin')) await gate
    return tab.openStorage(name)
  }
  world = await createSyncHarness({ rows, adapters: { storage } })
  let release = () => {}
  gate = new Promise((resolve) => {
    release = resolve
  })
  opened.length = 0
  await world.reload()
  world.tab.setVisible(true)
  await world.settle()
  release()
  await world.settle()
  expect(world.client.getIdentity()).toMatchObject({ state: 'confirmed' })
  expect(opened.filter((name) => !name.includes('origin'))).toHaveLength(1)
})

describe('entries this client cannot read', () => {
  test('are shown, kept as they are, and stop nothing else', async () => {
    world = await createSyncHarness({ rows })
    await world.goOffline()
    const { id } = confirm()
    await world.settle()
    const broken = { v: 1, id: 'broken', state: 'nonsense' }
    queueDatabase().set('019b0000-0000-7000-8000-000000000000', broken)
    await world.reload()
    expect(world.client.getQueue()).toMatchObject([
      { id },
      { action: 'unreadable', state: 'blocked', lastError: { code: 'ENTRY_UNREADABLE' } },
    ])
    expect(world.client.getConnectivity()).toMatchObject({ pendingCount: 1, attentionCount: 1 })
    await world.goOnline()
    await world.advance(5_000)
    expect(world.server.effects).toEqual([id])
    expect(queueDatabase().get('019b0000-0000-7000-8000-000000000000')).toEqual(broken)
  })

  test('of a whole bulk click: its parts go out all the same', async () => {
    const leadIds = Array.from({ length: 250 }, (_, index) => `lead-${index}`)
    world = await createSyncHarness({ rows: { leads: leadIds.map((id) => aLead({ id, status: 'new' })) } })
    await world.goOffline()
    const { id } = world.client.submit(leadBulkUpdateStatus, { leadIds, status: 'contacted' })
    await world.settle()
    const [place] = [...queueDatabase()].find(([, value]) => (value as { id?: string }).id === id)!
    queueDatabase().set(place, { v: 1, state: 'nonsense' })
    await world.reload()
    await world.goOnline()
    await world.advance(5_000)
    expect(world.server.effects).toHaveLength(2)
  })

  test('of a later version: this tab stops sending and asks for a reload', async () => {
    world = await createSyncHarness({ rows })
    await world.goOffline()
    confirm()
    await world.settle()
    queueDatabase().set('019b0000-0000-7000-8000-000000000000', { v: 2, id: 'later' })
    await world.reload()
    await world.goOnline()
    await world.advance(60_000)
    expect(world.server.writes).toEqual([])
    expect(diagnostics()).toContain('ENTRY_NEWER')
    expect(world.client.getQueue().map(({ lastError }) => lastError?.code)).toContain('ENTRY_NEWER')
  })

  test('at a place in the order of clicks: it is shown, stays, and nothing takes its place', async () => {
    world = await createSyncHarness({ rows })
    const other = await world.openTab()
    await world.goOffline()
    const place = (queueDatabase().get('meta') as { seq: number }).seq + 1
    queueDatabase().set(place, { v: 1, state: 'nonsense' })
    const { id } = other.client.submit(bookingConfirm, { appointmentId: 'apt-123' })
    await world.settle()
    expect(queueDatabase().get(place + 1)).toMatchObject({ id, seq: place + 1 })
    expect(other.client.getQueue()).toMatchObject([{ id }, { action: 'unreadable', id: String(place) }])
  })

  test('about the queue itself: the counts are made anew, nothing is lost, joined wrongly or put before its turn', async () => {
    world = await createSyncHarness({ rows, maxUnfinished: 2 })
    await world.goOffline()
    const first = world.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'contacted' })
    await world.settle()
    queueDatabase().set('meta', { seq: 'damaged' })
    await world.reload()
    expect(diagnostics()).toContain('ENTRY_UNREADABLE')
    const second = world.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'qualified' })
    await world.settle()
    expect(places()).toEqual(inARow(2))
    const third = () => world.client.submit(leadUpdateStatus, { leadId: 'lead-124', status: 'qualified' })
    expect(third).toThrow(expect.objectContaining({ code: 'QUEUE_FULL' }))
    await world.goOnline()
    await world.advance(5_000)
    expect(world.server.effects).toEqual([first.id, second.id])
  })

  test('about the queue itself, lost under two living tabs: both read everything and go on', async () => {
    world = await createSyncHarness({ rows })
    const other = await world.openTab()
    await world.goOffline()
    const first = world.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'contacted' })
    await world.advance(1)
    queueDatabase().delete('meta')
    const second = other.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'qualified' })
    await world.settle()
    const third = world.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'contacted' })
    await world.settle()
    expect(places()).toEqual(inARow(3))
    await world.goOnline()
    await world.advance(10_000)
    expect(world.server.effects).toEqual([first.id, second.id, third.id])
  })

  test('of an action this page does not know: it waits for a page that does', async () => {
    world = await createSyncHarness({ rows })
    await world.goOffline()
    const { id } = confirm()
    await world.settle()
    const [place = 0] = places()
    queueDatabase().set(place, { ...(queueDatabase().get(place) as object), action: 'proposal.approve' })
    await world.reload()
    await world.goOnline()
    await world.advance(60_000)
    expect(world.server.writes).toEqual([])
    expect(world.client.getQueue()).toMatchObject([{ id, action: 'proposal.approve', state: 'queued' }])
    expect(diagnostics()).toContain('UNKNOWN_ACTION')
  })
})

describe('settled results', () => {
  const settledCount = () => [...queueDatabase().values()].filter((value) => (value as { state?: string }).state === 'settled').length
  const send = (index: number) => world.client.submit(smsSend, { leadId: 'lead-123', message: `Message ${index}` })

  test('are kept for a reloaded page, the last two hundred of them', async () => {
    world = await createSyncHarness({ rows })
    const ids = Array.from({ length: 230 }, (_, index) => send(index).id)
    await world.advance(1_000)
    expect(world.server.effects).toEqual(ids)
    await world.advance(75_000)
    expect(settledCount()).toBe(200)
    await world.reload()
    expect(world.client.getMutation(ids.at(-1) ?? '')?.phase).toBe('success')
    expect(world.client.getMutation(ids[0] ?? '')).toBeUndefined()
  })

  test('are forgotten after a day', async () => {
    world = await createSyncHarness({ rows })
    await send(1).settled
    await world.advance(25 * 60 * 60_000)
    await send(2).settled
    await world.settle()
    expect(settledCount()).toBe(1)
  })
})

describe('limits', () => {
  test('the click beyond the maximum is refused and nothing is evicted', async () => {
    world = await createSyncHarness({ rows, maxUnfinished: 2, offline: false })
    await world.goOffline()
    const change = (leadId: string) => world.client.submit(leadUpdateStatus, { leadId, status: 'contacted' })
    change('lead-123')
    change('lead-124')
    expect(() => change('lead-125')).toThrow(expect.objectContaining({ code: 'QUEUE_FULL' }))
    await world.settle()
    expect(world.client.getQueue()).toHaveLength(2)
  })

  test('another tab filling the queue at the same moment refuses the click visibly', async () => {
    world = await createSyncHarness({ rows, maxUnfinished: 1 })
    const other = await world.openTab()
    await world.goOffline()
    const errors: string[] = []
    const submit = (client: typeof world.client, leadId: string) =>
      client.submit(leadUpdateStatus, { leadId, status: 'contacted' }, {}, { onError: ({ code }) => errors.push(code) })
    submit(world.client, 'lead-123')
    const second = submit(other.client, 'lead-124')
    await world.settle()
    expect((await second.settled).error?.code).toBe('QUEUE_FULL')
    expect(errors).toEqual(['QUEUE_FULL'])
    expect(other.client.getQueue()).toHaveLength(1)
  })

  test('wrong settings are refused with the name and the value', async () => {
    world = await createSyncHarness({ rows })
    await expect(createSyncHarness({ maxUnfinished: 0 })).rejects.toThrow('maxUnfinished must be at least 1, received 0')
    await expect(createSyncHarness({ parallel: 9 })).rejects.toThrow(/parallel/)
  })

  test('a request that breaks its schema is refused and nothing is stored', async () => {
    world = await createSyncHarness({ rows })
    expect(() => world.client.submit(bookingConfirm, { appointmentId: '' })).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' }))
    expect(world.client.getQueue()).toEqual([])
  })
})
