import { afterEach, describe, expect, test } from '@jest/globals'
import { HEADERS, leadUpdateStatus } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import type { ClientAdapters } from '../src/client/SyncClientSettings.js'
import type { ConnectivityEvent } from '../src/ports/Connectivity.js'
import { createSyncHarness, type FakeAnswer, type HarnessOptions, type SyncHarness } from '../src/testing/index.js'

let world: SyncHarness
afterEach(() => world.close())

const LEADS = Array.from({ length: 12 }, (_, index) => aLead({ id: `lead-${index}` }))
const open = async (options: HarnessOptions = {}) => {
  world = await createSyncHarness({ rows: { leads: LEADS }, ...options })
}
const click = (lead: number) => world.client.submit(leadUpdateStatus, { leadId: `lead-${lead}`, status: 'contacted' }).id
const phaseOf = (id: string) => world.client.getMutation(id)?.phase
const comeBack = () => {
  world.tab.setVisible(false)
  world.tab.setVisible(true)
}

const page = (status: number): FakeAnswer => ({ status, body: undefined, echo: false })

/** A platform that says something about the network, whatever is true. */
function saying(isOnline: () => boolean) {
  const listeners = new Set<(event: ConnectivityEvent) => void>()
  const connectivity: ClientAdapters['connectivity'] = {
    isOnline,
    isVisible: () => true,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const tell = (event: ConnectivityEvent) => {
    for (const listener of [...listeners]) listener(event)
  }
  return { connectivity, tell }
}

describe('a platform that says for ever that there is no network, which is there', () => {
  test('delays the first click by half a minute; its success ends the belief for all that follow', async () => {
    await open({ adapters: { connectivity: saying(() => false).connectivity } })
    expect(world.client.getConnectivity().online).toBe(false)
    await world.advance(600_000)
    const first = click(0)
    const others = [click(1), click(2), click(3), click(4), click(5)]
    await world.advance(29_000)
    expect(world.server.writes).toHaveLength(0)
    expect(phaseOf(first)).toBe('queued')
    await world.advance(2_000)
    expect(world.server.effects).toEqual([first, ...others])
    expect(world.client.getConnectivity().online).toBe(true)
    const later = click(6)
    await world.settle()
    expect(world.server.effects).toContain(later)
  })

  test('is told so again: once more the next click waits', async () => {
    const platform = saying(() => false)
    await open({ adapters: { connectivity: platform.connectivity } })
    click(0)
    await world.advance(31_000)
    expect(world.server.effects).toHaveLength(1)
    platform.tell('offline')
    click(1)
    await world.advance(29_000)
    expect(world.server.effects).toHaveLength(1)
    expect(world.client.getConnectivity().online).toBe(false)
    await world.advance(2_000)
    expect(world.server.effects).toHaveLength(2)
  })

  test('does not keep a person from trying now', async () => {
    await open({ adapters: { connectivity: saying(() => false).connectivity } })
    const id = click(0)
    await world.settle()
    await world.client.syncQueue()
    expect(world.server.effects).toEqual([id])
  })

  test('is asked every half minute by one request at a time while it is right', async () => {
    await open({ adapters: { connectivity: saying(() => false).connectivity } })
    world.server.stop()
    const ids = [click(0), click(1), click(2)]
    await world.advance(20 * 60_000)
    const attempts = ids.reduce((sum, id) => sum + (world.client.getMutation(id)?.attempt ?? 0), 0)
    expect(attempts).toBeGreaterThanOrEqual(38)
    expect(attempts).toBeLessThanOrEqual(40)
    world.server.start()
    await world.advance(31_000)
    expect(world.server.effects).toEqual(ids)
  })
})

describe('after half an hour without an answer', () => {
  const outage = async () => {
    await open()
    world.server.stop()
    const ids = Array.from({ length: 10 }, (_, lead) => click(lead))
    await world.advance(30 * 60_000)
    world.server.start()
    return ids
  }

  test.each<[string, () => void]>([
    ['visible again', comeBack],
    [
      'online again',
      () => {
        world.browser.setOnline(false)
        world.browser.setOnline(true)
      },
    ],
  ])('all that waits is sent within five seconds, in order, when the page is %s', async (_name, hint) => {
    const ids = await outage()
    hint()
    await world.advance(5_000)
    expect(world.server.effects).toEqual(ids)
  })

  test("a new click's success hastens all that waited, in order", async () => {
    const ids = await outage()
    const fresh = click(10)
    await world.advance(5_000)
    expect(world.server.effects).toEqual([fresh, ...ids])
  })

  test('no more than four are under way at once', async () => {
    await outage()
    click(10)
    await world.settle()
    world.server.hold()
    await world.advance(1_000)
    expect(world.client.getQueue().filter(({ state }) => state === 'sending').length).toBeLessThanOrEqual(4)
    world.server.release()
  })

  test('a hint that was wrong costs one request, not one of each', async () => {
    await outage()
    world.server.stop()
    const attempts = () => world.client.getQueue().reduce((sum, item) => sum + item.attempts, 0)
    const before = attempts()
    comeBack()
    await world.settle()
    expect(attempts() - before).toBeLessThanOrEqual(1)
  })
})

test("the server's own trouble is over for all with the first success", async () => {
  await open()
  const down: FakeAnswer = { status: 503, body: { success: false, error: 'x', code: 'STORE_UNAVAILABLE' } }
  world.server.next(...Array.from({ length: 400 }, () => down))
  const ids = Array.from({ length: 10 }, (_, lead) => click(lead))
  await world.advance(30 * 60_000)
  expect(world.server.effects).toEqual([])
  world.server.clearPlan()
  comeBack()
  await world.advance(5_000)
  expect(world.server.effects).toEqual(ids)
})

test('one that the server cannot do is not sent again with each success of the others', async () => {
  await open()
  const bad = click(11)
  world.server.answerKey(bad, { status: 500, body: { success: false, error: 'x', code: 'INTERNAL' } })
  await world.settle()
  for (let round = 0; round < 300; round++) {
    world.client.submit(leadUpdateStatus, { leadId: 'lead-1', status: round % 2 === 0 ? 'contacted' : 'qualified' })
    await world.advance(1_000)
  }
  expect(world.server.effects).toHaveLength(300)
  expect(world.server.writes.filter(({ key }) => key === bad).length).toBeLessThan(25)
  expect(phaseOf(bad)).toBe('checking')
})

describe('something between refuses a click that may have arrived', () => {
  const CAUSES = [403, 413, 429]
  /** Three refusals, while another click succeeds. */
  const blocked = async (first: 'lost-response' | 'network', status: number) => {
    await open()
    world.server.next(first)
    const id = click(0)
    await world.settle()
    world.server.answerKey(id, page(status))
    await world.advance(1_500)
    click(1)
    await world.advance(5_000)
    expect(world.client.getQueue()).toMatchObject([{ id, state: 'blocked', ambiguous: true }])
    return id
  }

  test.each(CAUSES)('%i: it is checked with the same key as soon as the way is clear, and never called not done', async (status) => {
    const phases = new Set<string | undefined>()
    const id = await blocked('lost-response', status)
    world.client.subscribeMutation(id, () => phases.add(phaseOf(id)))
    expect(phaseOf(id)).toBe('checking')
    expect(world.client.getMutation(id)).toMatchObject({ settled: false, error: { willRetry: true } })
    expect(world.client.getConnectivity()).toMatchObject({ pendingCount: 1, attentionCount: 0 })
    expect(world.client.getRow('leads', 'lead-0')?.row.status).toBe('contacted')
    world.server.answerKey(id, undefined)
    click(2)
    await world.advance(1_000)
    expect(phaseOf(id)).toBe('success')
    expect([...phases]).toEqual(['checking', 'success'])
    expect(world.server.effects.filter((key) => key === id)).toHaveLength(1)
    expect(new Set(world.server.writes.filter(({ body }) => body?.includes('lead-0')).map(({ key }) => key))).toEqual(new Set([id]))
  })

  test.each(CAUSES)('%i: where it had not arrived, the same key takes effect', async (status) => {
    const id = await blocked('network', status)
    world.server.answerKey(id, undefined)
    await world.advance(31_000)
    expect(phaseOf(id)).toBe('success')
    expect(world.server.effects).toContain(id)
    expect(world.server.requests.some(({ path }) => path.includes('/api/mutations/'))).toBe(false)
  })

  test('a person may try now, and the page that becomes visible does', async () => {
    for (const hint of [(id: string) => world.client.retry(id), comeBack]) {
      const id = await blocked('network', 403)
      world.server.answerKey(id, undefined)
      hint(id)
      await world.settle()
      expect(phaseOf(id)).toBe('success')
      world.close()
    }
  })

  test('a person who gives it up learns from the server what stands', async () => {
    const arrived = await blocked('lost-response', 403)
    expect(await world.client.cancel(arrived)).toBe('already-done')
    expect(phaseOf(arrived)).toBe('success')
    world.close()
    const lost = await blocked('network', 403)
    expect(await world.client.discard(lost)).toBe('cancelled')
    expect(world.server.effects).not.toContain(lost)
  })

  test('its row goes on with the next click, and it survives a reload', async () => {
    const id = await blocked('lost-response', 403)
    const next = world.client.submit(leadUpdateStatus, { leadId: 'lead-0', status: 'qualified' }).id
    await world.settle()
    expect(world.server.effects).toContain(next)
    await world.reload()
    expect(phaseOf(id)).toBe('checking')
    world.server.answerKey(id, undefined)
    await world.advance(20 * 60_000)
    expect(phaseOf(id)).toBe('success')
  })

  test('a refusal of the server itself, which recorded nothing, is settled by asking what stands', async () => {
    const id = await blocked('lost-response', 403)
    world.server.answerKey(id, { status: 403, body: { success: false, error: 'no', code: 'FORBIDDEN', retryable: false } })
    await world.advance(31_000)
    expect(phaseOf(id)).toBe('success')
    expect(world.server.requests.filter(({ path }) => path === `/api/mutations/${id}/resolve`)).toHaveLength(1)
  })
})

test('of many blocked ones a single one probes, ever less often, and its success frees the others', async () => {
  await open()
  const ids = [0, 1, 2, 3, 4, 5].map(click)
  for (const id of ids) world.server.answerKey(id, page(403))
  await world.advance(1_000)
  world.client.submit(leadUpdateStatus, { leadId: 'lead-11', status: 'contacted' })
  await world.advance(10_000)
  expect(world.client.getQueue().map(({ state }) => state)).toEqual(ids.map(() => 'blocked'))
  const before = world.server.writes.length
  await world.advance(4 * 60_000)
  expect(world.server.writes.length - before).toBeLessThanOrEqual(4)
  await world.advance(60 * 60_000)
  expect(world.server.writes.length - before).toBeLessThanOrEqual(10)
  for (const id of ids) world.server.answerKey(id, undefined)
  comeBack()
  await world.advance(1_000)
  expect(world.server.effects.toSorted()).toEqual([...ids, ...world.server.effects.filter((key) => !ids.includes(key))].toSorted())
  expect(world.client.getQueue()).toEqual([])
})

test('a wait that the server asked for is not cut short by a hint', async () => {
  await open()
  world.server.next({
    status: 503,
    body: { success: false, error: 'x', code: 'STORE_UNAVAILABLE' },
    headers: { [HEADERS.retryAfter]: '60' },
  })
  click(0)
  await world.settle()
  comeBack()
  await world.advance(59_000)
  expect(world.server.writes).toHaveLength(1)
})
