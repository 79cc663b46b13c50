import 'fake-indexeddb/auto'
import { afterEach, describe, expect, test } from '@jest/globals'
import { leadBulkUpdateStatus, leadUpdateStatus, smsSend } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import { openIdbKeyvalStorage } from '../src/adapters/idbKeyvalStorage.js'
import { openMemoryStorage } from '../src/adapters/memoryStorage.js'
import { createSyncHarness, type HarnessOptions, type SyncHarness } from '../src/testing/index.js'

const openKept = openMemoryStorage()
const ana = { actor: 'user-456', tenant: 'org-1' }
const rows = { leads: [1, 2, 3].map((n) => aLead({ id: `lead-${n}`, status: 'new', name: 'Zoltan', phone: '+4917612345678' })) }

let world: SyncHarness
afterEach(async () => {
  world.close()
  for (const { name } of await indexedDB.databases()) if (name) indexedDB.deleteDatabase(name)
})

const open = async (options: HarnessOptions = {}) => {
  world = await createSyncHarness({ rows, ...options })
}
const onDisk = async (options: HarnessOptions = {}) => {
  await open({ adapters: { storage: openIdbKeyvalStorage }, ...options })
  await rest()
}
// A real database takes more turns than one in memory.
const rest = () =>
  world
    .settle()
    .then(() => world.settle())
    .then(() => world.settle())
const status = (n: number, to: 'contacted' | 'qualified' = 'contacted') =>
  world.client.submit(leadUpdateStatus, { leadId: `lead-${n}`, status: to }, { seenVersion: 1 })
const sms = () => world.client.submit(smsSend, { leadId: 'lead-1', message: 'Meet me at the harbour' })

/** All that IndexedDB holds of anybody, as text. */
async function stored(): Promise<string> {
  const all: unknown[] = []
  for (const { name = '' } of await indexedDB.databases()) {
    const storage = await openIdbKeyvalStorage(name)
    all.push(name, await storage.entries())
    storage.close()
  }
  return JSON.stringify(all)
}

const OF_SOMEBODY = /harbour|Zoltan|4917612345678|user-456|org-1|lead-1/

describe('what stays in the browser', () => {
  test.each(['keep', 'discard', 'flush'] as const)('after %s nothing of what is settled', async (mode) => {
    await onDisk()
    await Promise.all([sms().settled, status(2).settled])
    expect(await stored()).toMatch(OF_SOMEBODY)
    expect(await world.client.signOut({ mode })).toEqual({ unknownFate: 0 })
    expect(await stored()).not.toMatch(OF_SOMEBODY)
  })

  test('nor after the session has ended by itself, or somebody else has come', async () => {
    for (const next of [null, { actor: 'ben', tenant: 'org-9' }]) {
      await onDisk()
      await sms().settled
      world.server.user = next
      await world.client.refreshIdentity()
      await rest()
      await world.advance(5_000)
      expect(await stored()).not.toMatch(OF_SOMEBODY)
      world.close()
    }
  })

  test('of a click that was on the network meanwhile nothing, once it has been answered', async () => {
    await onDisk()
    world.server.hold()
    sms()
    await rest()
    await world.client.signOut({ mode: 'keep' })
    expect(await stored()).toMatch(/harbour/)
    world.server.release()
    await world.advance(1_000)
    await rest()
    expect(world.server.effects).toHaveLength(1)
    expect(await stored()).not.toMatch(OF_SOMEBODY)
  })

  test('of what was forgotten the unsent click alone, and it goes out at the next sign-in', async () => {
    await onDisk()
    await status(2).settled
    await world.goOffline()
    const { id } = sms()
    await rest()
    await world.client.signOut({ mode: 'keep' })
    expect(await stored()).toMatch(/harbour/)
    expect(await stored()).not.toMatch(/Zoltan|lead-2/)
    await world.goOnline()
    await world.client.refreshIdentity()
    await rest()
    await world.advance(5_000)
    expect(world.server.effects).toContain(id)
  })

  test('of an unfinished bulk click what its answer needs, without rows and texts', async () => {
    await onDisk()
    const leadIds = Array.from({ length: 250 }, (_, n) => `lead-${n}`)
    world.server.seed(
      'leads',
      leadIds.map((id) => aLead({ id, status: 'new', name: 'Zoltan' })),
    )
    let sent = 0
    const { id } = world.client.submit(leadBulkUpdateStatus, { leadIds, status: 'contacted' })
    world.server.next({ status: 503, body: { success: false, code: 'STORE_UNAVAILABLE', error: 'x' }, headers: { 'Retry-After': '60' } })
    await world.advance(1_000)
    sent = world.server.effects.length
    expect(sent).toBe(1)
    await world.client.signOut({ mode: 'keep' })
    expect(await stored()).not.toMatch(/Zoltan/)
    await world.client.refreshIdentity()
    await rest()
    await world.advance(120_000)
    expect(world.client.getMutation(id)).toMatchObject({ phase: 'success', data: { updated: 250, failed: 0 } })
  })

  test('and it is never one’s own earlier click that a later one conflicts with', async () => {
    await onDisk()
    status(1)
    await rest()
    await world.goOffline()
    const later = status(1, 'qualified')
    await rest()
    await world.client.signOut({ mode: 'keep' })
    await world.reload()
    await rest()
    await world.goOnline()
    await world.client.refreshIdentity()
    await rest()
    await world.advance(10_000)
    expect(world.client.getMutation(later.id)).toMatchObject({ phase: 'success' })
    expect(world.server.rows.get('leads')?.get('lead-1')).toMatchObject({ status: 'qualified', version: 3 })
  })
})

describe('discard', () => {
  test('takes back what may have arrived where the server can say so, and deletes everything', async () => {
    await onDisk()
    world.server.next('timeout')
    const { id } = sms()
    await rest()
    await rest()
    expect(world.client.getMutation(id)).toMatchObject({ ambiguous: true })
    expect(await world.client.signOut({ mode: 'discard' })).toEqual({ unknownFate: 0 })
    expect(await stored()).not.toMatch(OF_SOMEBODY)
    await world.client.refreshIdentity()
    await rest()
    await world.advance(60_000)
    expect(world.server.effects).toEqual([])
  })

  test('counts the clicks that nobody could be asked about', async () => {
    await onDisk()
    world.server.next('timeout')
    sms()
    await rest()
    await world.goOffline()
    status(2)
    await rest()
    const left = world.client.signOut({ mode: 'discard', timeoutMs: 3_000 })
    await world.advance(3_000)
    expect(await left).toEqual({ unknownFate: 1 })
    expect(await stored()).not.toMatch(OF_SOMEBODY)
  })

  test('asks no longer than its bound', async () => {
    await onDisk()
    world.server.next('timeout')
    sms()
    await rest()
    world.server.hold()
    const left = world.client.signOut({ mode: 'discard', timeoutMs: 2_000 })
    await world.advance(2_000)
    expect(await left).toEqual({ unknownFate: 1 })
    expect(await stored()).not.toMatch(OF_SOMEBODY)
    world.server.release()
  })
})

describe('what a page may say while nobody is signed in', () => {
  test('how many clicks wait, through a reload, and no name and no text', async () => {
    await onDisk()
    await world.goOffline()
    status(1)
    status(2)
    await rest()
    await world.client.signOut({ mode: 'keep' })
    expect(world.client.getConnectivity()).toMatchObject({ waitingForSignIn: 2, pendingCount: 0 })
    expect(world.client.getQueue()).toEqual([])
    await world.reload()
    await rest()
    expect(world.client.getIdentity()).toMatchObject({ state: 'loading' })
    expect(world.client.getConnectivity()).toMatchObject({ waitingForSignIn: 2 })
    await world.goOnline()
    await rest()
    expect(world.client.getConnectivity()).toMatchObject({ waitingForSignIn: 0 })
    await world.advance(5_000)
    await world.client.signOut()
    expect(world.client.getConnectivity()).toMatchObject({ waitingForSignIn: 0 })
  })

  test('also where no token can be had at the start', async () => {
    let isDown = false
    await open({ getAccessToken: () => (isDown ? Promise.reject(new Error('down')) : 'token') })
    await world.goOffline()
    status(1)
    await rest()
    await world.client.signOut({ mode: 'keep' })
    await world.goOnline()
    isDown = true
    await world.reload()
    await rest()
    expect(world.client.getIdentity()).toEqual({ state: 'loading', reason: 'token-unavailable' })
    expect(world.client.getConnectivity()).toMatchObject({ waitingForSignIn: 1 })
  })

  test('nothing of clicks that were given up', async () => {
    await open()
    await world.goOffline()
    status(1)
    await rest()
    await world.client.signOut({ mode: 'discard' })
    expect(world.client.getConnectivity()).toMatchObject({ waitingForSignIn: 0 })
  })

  test('nothing of clicks that only this page remembered, and that go with their user', async () => {
    await open({ adapters: { storage: (name) => (name.includes(':origin') ? openKept(name) : Promise.reject(new Error('refused'))) } })
    await world.goOffline()
    status(1)
    await world.advance(5_000)
    expect(world.client.getConnectivity()).toMatchObject({ pendingCount: 1, durability: 'memory' })
    await world.client.signOut({ mode: 'keep' })
    expect(world.client.getConnectivity()).toMatchObject({ waitingForSignIn: 0 })
  })

  test('what waits for one user while another is here is theirs alone', async () => {
    await open()
    await world.goOffline()
    status(1)
    await rest()
    world.server.user = { actor: 'ben', tenant: 'org-1' }
    await world.goOnline()
    await world.client.refreshIdentity()
    await rest()
    expect(world.client.getConnectivity()).toMatchObject({ waitingForSignIn: 0, pendingCount: 0 })
    await world.client.signOut()
    expect(world.client.getConnectivity()).toMatchObject({ waitingForSignIn: 1 })
  })
})

describe('a promise of a click', () => {
  test.each(['destroy', 'signOut'] as const)('resolves with what is known when %s comes first', async (end) => {
    await open()
    world.server.hold()
    const { id, settled } = sms()
    await rest()
    void world.client[end]()
    await rest()
    const last = await Promise.race([settled, world.settle().then(() => 'pending')])
    expect(last).toMatchObject({ id, phase: 'running', settled: false })
    world.server.release()
  })
})

test('a promise of a click that nobody could be asked about any more resolves as one of unknown fate', async () => {
  await onDisk()
  world.server.next('timeout')
  const { settled } = sms()
  await rest()
  await world.goOffline()
  const left = world.client.signOut({ mode: 'discard', timeoutMs: 3_000 })
  await world.advance(3_000)
  await left
  const last = await Promise.race([settled, world.settle().then(() => 'pending')])
  expect(last).toMatchObject({ phase: 'unknown', settled: true, error: { code: 'OUTCOME_UNKNOWN', willRetry: false } })
})

describe('the names of databases, locks and channels', () => {
  test('tell two users of one organisation apart, and one user of two organisations', async () => {
    const names: string[][] = []
    for (const user of [ana, { ...ana, actor: 'ben' }, { ...ana, tenant: 'org-2' }]) {
      await onDisk({ user })
      status(1)
      await rest()
      names.push((await indexedDB.databases()).map(({ name = '' }) => name))
    }
    const own = names.map((list, index) => list.filter((name) => !name.includes('origin') && !names.slice(0, index).flat().includes(name)))
    expect(own.map((list) => list.length)).toEqual([1, 1, 1])
    expect(JSON.stringify(names)).not.toMatch(/user-456|ben|org-/)
  })
})
