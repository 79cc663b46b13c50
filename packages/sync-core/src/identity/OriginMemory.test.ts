import { beforeEach, expect, test } from '@jest/globals'
import { openMemoryStorage } from '../adapters/memoryStorage.js'
import type { MutationStorage } from '../ports/MutationStorage.js'
import { FakeBrowser } from '../testing/FakeBrowser.js'
import { OriginMemory } from './OriginMemory.js'

const ana = { actor: 'ana', tenant: 'org-1' }
const ben = { actor: 'ben', tenant: 'org-1' }

let openStorage = openMemoryStorage()
beforeEach(() => {
  openStorage = openMemoryStorage()
})

/** A page's memory of its origin. `faults`: what the next uses of its store reject with. */
function open({ tab = new FakeBrowser().openTab(), faults = [] as string[] } = {}) {
  const log: string[] = []
  const disk = {
    use: async <Result>(work: (storage: MutationStorage) => Promise<Result>) => {
      const fault = faults.shift()
      if (fault !== undefined) throw new DOMException('no', fault)
      return work(await openStorage('origin'))
    },
    drop: () => void log.push('drop'),
    close: () => void log.push('close'),
  }
  const memory = new OriginMemory({ disk, tabMemory: tab.memory, name: 'api', onCounted: () => void log.push(`waiting ${memory.waiting}`) })
  return { memory, tab, log }
}

test('a tab knows its own user at once, and another tab the one whom the origin saw last', async () => {
  const page = open()
  page.memory.remember(ana)
  await page.memory.load()
  open().memory.remember(ben)
  expect([open({ tab: page.tab }).memory.userOfTab(), open().memory.userOfTab()]).toEqual([ana, null])
  expect(await open().memory.load()).toEqual(ben)
})

test('forgets whoever leaves, and not somebody else whom the origin saw since', async () => {
  const page = open()
  page.memory.remember(ana)
  await page.memory.load()
  const elsewhere = open()
  elsewhere.memory.remember(ben)
  await elsewhere.memory.load()
  page.memory.forget(ana)
  expect([page.memory.userOfTab(), await page.memory.load()]).toEqual([null, ben])
  const other = open()
  other.memory.forget(ben)
  expect(await other.memory.load()).toBeNull()
})

test('counts what waits for each user, through a reload', async () => {
  const page = open()
  await page.memory.setWaiting('scope of ana', 2)
  await page.memory.setWaiting('scope of ben', 1)
  const next = open()
  await next.memory.load()
  expect([page.memory.waiting, next.memory.waiting]).toEqual([3, 3])
  await next.memory.setWaiting('scope of ana', 0)
  expect(next.log).toEqual(['waiting 3', 'waiting 1'])
  const stored = await (await openStorage('origin')).entries()
  expect(stored).toEqual([['waiting', { 'scope of ben': 1 }]])
})

test('forgets over another connection when the browser has closed the present one without a word', async () => {
  const page = open()
  page.memory.remember(ana)
  await page.memory.load()
  const closed = open({ tab: page.tab, faults: ['InvalidStateError'] })
  closed.memory.forget(ana)
  expect([await closed.memory.load(), closed.log[0]]).toEqual([null, 'drop'])
})

test('where nothing can be kept, nothing is known and nothing fails; what comes later is tried again', async () => {
  const page = open({ faults: ['SecurityError', 'QuotaExceededError'] })
  expect(await page.memory.load()).toBeNull()
  await page.memory.setWaiting('scope of ana', 1)
  expect(page.memory.waiting).toBe(0)
  await page.memory.setWaiting('scope of ana', 1)
  expect(page.memory.waiting).toBe(1)
})
