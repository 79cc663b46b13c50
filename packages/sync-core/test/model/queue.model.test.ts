import { expect, test } from '@jest/globals'
import { HEADERS, type LeadStatus, leadUpdateStatus, smsSend } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import fc from 'fast-check'
import type { MutationRecord } from '../../src/mutation/MutationRecord.js'
import { isAccepted } from '../../src/mutation/mutationState.js'
import type { StorageKey } from '../../src/ports/MutationStorage.js'
import type { MutationView } from '../../src/SyncClient.js'
import type { DiskFault, FakeAnswer, FakeFault, HarnessTab, SyncHarness } from '../../src/testing/index.js'
import { createSyncHarness } from '../../src/testing/index.js'
import { modelRuns } from './modelRuns.js'
import { firstTab, isSignedIn } from './tabs.js'

/** Longer than a tab goes without looking at what is stored. */
const LOOK_MS = 16_000
const LEADS = ['lead-1', 'lead-2', 'lead-3'] as const
const STATUSES: LeadStatus[] = ['contacted', 'qualified', 'negotiating', 'lost']

const portal: FakeAnswer = { status: 200, body: undefined, echo: false }
const retryLater: FakeAnswer = {
  status: 503,
  body: { success: false, error: 'x', code: 'STORE_UNAVAILABLE' },
  headers: { [HEADERS.retryAfter]: '2' },
}
const limited: FakeAnswer = {
  status: 429,
  body: { success: false, error: 'x', code: 'RATE_LIMITED' },
  headers: { [HEADERS.retryAfter]: '3' },
}
const busy: FakeAnswer = { status: 503, body: { success: false, error: 'x', code: 'ROW_BUSY' } }
const broken: FakeAnswer = { status: 500, body: { success: false, error: 'x', code: 'INTERNAL' } }
const unrecordedRefusal: FakeAnswer = { status: 403, body: { success: false, error: 'x', code: 'FORBIDDEN' } }
const fromTheFuture: FakeAnswer = { status: 422, body: { success: false, error: 'x', code: 'NEW_RULE' } }
const accepted: FakeAnswer = { status: 202, body: { success: true }, headers: { [HEADERS.retryAfter]: '1' } }

type Step =
  | { do: 'status'; tab: number; lead: number; status: number }
  | { do: 'sms'; tab: number; lead: number; again: boolean }
  | { do: 'twins'; lead: number; status: number }
  | { do: 'fault'; fault: FakeAnswer | FakeFault }
  | { do: 'wait'; ms: number }
  | { do: 'stepClock'; ms: number }
  | { do: 'offline' | 'online' | 'hold' | 'release' | 'openTab' | 'clearStorage' | 'loseMessages' | 'hearMessages' }
  | { do: 'closeDisk' | 'holdDisk' | 'releaseDisk' }
  | { do: 'crash' | 'wedge'; tab: number }
  | { do: 'cancel' | 'retry'; tab: number; click: number }
  | { do: 'sync'; tab: number }
  | { do: 'disk'; faults: DiskFault[] }

const small = fc.nat({ max: 5 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('status' as const), tab: small, lead: fc.nat({ max: 2 }), status: fc.nat({ max: 3 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('twins' as const), lead: fc.nat({ max: 2 }), status: fc.nat({ max: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('sms' as const), tab: small, lead: fc.nat({ max: 2 }), again: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      fault: fc.constantFrom<FakeAnswer | FakeFault>(
        'network',
        'timeout',
        'lost-response',
        'lost-response',
        portal,
        retryLater,
        limited,
        busy,
        broken,
        unrecordedRefusal,
        fromTheFuture,
        accepted,
      ),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(0, 50, 700, 4_000, 50_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stepClock' as const), ms: fc.constantFrom(-7_200_000, -500, 500, 7_200_000) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'offline' as const,
        'online' as const,
        'hold' as const,
        'release' as const,
        'openTab' as const,
        'loseMessages' as const,
        'hearMessages' as const,
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('crash' as const, 'wedge' as const), tab: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clearStorage' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'retry' as const), tab: small, click: fc.nat({ max: 20 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sync' as const), tab: small }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('disk' as const),
      faults: fc.array(fc.constantFrom<DiskFault>('error', 'abort', 'full', 'throw', 'hang', 'land'), { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('closeDisk' as const, 'holdDisk' as const, 'releaseDisk' as const) }),
  },
)

/** What the test knows of one click: far less than the queue does. */
interface Click {
  id: string
  told: string[]
}

class Model {
  readonly clicks: Click[] = []
  readonly retried = new Set<string>()
  /** What had ended when site data was cleared; what had not must not be lost. */
  cleared: Set<string> | undefined
  /** How many mutations the same click in all tabs became. */
  readonly twins: number[] = []
  tabs: HarnessTab[] = []
  /** Some tab went on without disk: then tabs cannot agree, and what only it holds goes with it. */
  hadTrouble = false
  /** What had ended made room. */
  wasFull = false
  /** Messages were lost, and since then not every tab has looked at what is stored. */
  missed = false
  /** A tab ended that had gone on without disk. */
  lostMemory = false
  readonly world: SyncHarness

  constructor(world: SyncHarness) {
    this.world = world
    this.tabs = [firstTab(world)]
  }

  async run(step: Step): Promise<void> {
    const { world } = this
    switch (step.do) {
      case 'status': {
        const request = { leadId: LEADS[step.lead]!, status: STATUSES[step.status]! }
        return this.#click(step.tab, (tab, callbacks) => tab.client.submit(leadUpdateStatus, request, {}, callbacks))
      }
      case 'twins': {
        const request = { leadId: LEADS[step.lead]!, status: STATUSES[step.status]! }
        const twins = this.tabs.filter(({ client }) => isSignedIn(client))
        const ids = twins.map(({ client }) => client.submit(leadUpdateStatus, request).id)
        if (world.browser.isOnline || this.hadTrouble) return
        await world.settle()
        // Nothing can end it meanwhile, so all tabs must have come to the same mutation.
        const found = twins.map(({ client }, index) => client.getMutation(ids[index]!)?.id)
        this.twins.push(new Set(found.filter((id) => id !== undefined)).size)
        return
      }
      case 'sms': {
        const request = { leadId: LEADS[step.lead]!, message: 'Hi' }
        return this.#click(step.tab, (tab, callbacks) => tab.client.submit(smsSend, request, { again: step.again }, callbacks))
      }
      case 'fault':
        return world.server.next(step.fault)
      case 'wait':
        await world.advance(step.ms)
        this.missed &&= world.browser.losesMessages || step.ms < LOOK_MS
        return
      case 'stepClock':
        return world.clock.step(step.ms)
      case 'offline':
        return world.goOffline()
      case 'online':
        return world.goOnline()
      case 'loseMessages':
      case 'hearMessages':
        // A tab without disk tells the others so; where they do not hear it, nothing can be proven.
        world.browser.losesMessages = step.do === 'loseMessages' && !this.hadTrouble
        this.missed ||= world.browser.losesMessages
        return
      case 'disk':
        this.#trouble()
        this.wasFull ||= step.faults.includes('full')
        return world.browser.disk.next(...step.faults)
      case 'closeDisk':
        this.#trouble()
        return world.browser.disk.close()
      case 'holdDisk':
        this.#trouble()
        return world.browser.disk.hold()
      case 'releaseDisk':
        return world.browser.disk.release()
      case 'hold':
        return world.server.hold()
      case 'release':
        return world.server.release()
      case 'openTab':
        if (this.tabs.length < 4) this.tabs.push(await world.openTab())
        return
      case 'clearStorage': {
        if (this.cleared !== undefined) return
        // Every tab has looked at what is stored, and looks again when it is gone.
        world.browser.disk.heal()
        // What went on in memory is back on disk, too.
        await world.advance(this.hadTrouble ? 4 * LOOK_MS : LOOK_MS)
        const database = databaseOf(world)
        const ended = recordsIn(database).filter(({ state }) => state === 'settled')
        this.cleared = new Set(ended.map(({ id }) => id))
        world.browser.disk.clear()
        return world.advance(LOOK_MS)
      }
      case 'crash':
      case 'wedge': {
        const tab = this.#tab(step.tab)
        this.lostMemory ||= tab.client.getConnectivity().durability === 'memory'
        if (step.do === 'crash') await world.crash(tab)
        else tab.tab.wedge()
        this.tabs = this.tabs.filter((other) => other !== tab)
        if (this.tabs.length === 0) this.tabs.push(await world.openTab())
        return
      }
      case 'cancel':
      case 'retry': {
        const click = this.clicks[step.click]
        if (click === undefined) return
        if (step.do === 'cancel') void this.#tab(step.tab).client.cancel(click.id)
        else {
          this.retried.add(click.id)
          this.#tab(step.tab).client.retry(click.id)
        }
        return world.settle()
      }
      case 'sync':
        void this.#tab(step.tab).client.syncQueue()
        return world.settle()
      default:
        return step satisfies never
    }
  }

  /** Network, server and clock are well again, and a person lets what was left open be tried once more. */
  async recover(): Promise<void> {
    const { world } = this
    world.server.release()
    world.browser.disk.heal()
    world.browser.losesMessages = false
    await world.goOnline()
    if (this.tabs.length === 0) this.tabs.push(await world.openTab())
    for (let round = 0; round < 8; round++) {
      await world.advance(5 * 60_000)
      const { client } = this.tabs[0]!
      for (const { id, state } of client.getQueue()) {
        if (state !== 'unknown' && state !== 'blocked') continue
        this.retried.add(id)
        client.retry(id)
      }
    }
  }

  #trouble(): void {
    this.hadTrouble = true
    this.world.browser.losesMessages = false
  }

  #tab(index: number): HarnessTab {
    return this.tabs[index % this.tabs.length]!
  }

  async #click(index: number, submit: (tab: HarnessTab, callbacks: object) => { id: string }): Promise<void> {
    const tab = this.#tab(index)
    if (!isSignedIn(tab.client)) return
    const told: string[] = []
    const { id } = submit(tab, { onSuccess: () => told.push('success'), onError: () => told.push('error') })
    if (!this.clicks.some((click) => click.id === id)) this.clicks.push({ id, told })
    // Half of the clicks are stored before anything else happens, the others may meet a crash.
    if (this.clicks.length % 2 === 0) await this.world.settle()
  }
}

/** The clicks these tabs have kept, and where they said that was. */
function storedIds(tabs: readonly HarnessTab[], where?: 'disk' | 'memory'): Set<string> {
  const events = tabs.flatMap(({ telemetry }) => telemetry.filter((event) => event.type === 'stored'))
  return new Set(events.filter(({ durability }) => where === undefined || durability === where).map(({ mutationId }) => mutationId))
}

test('whatever happens, a stored click takes effect once, in its order, or a person is told why not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), fc.nat({ max: 1_000 }), async (steps, seed) => {
      const world = await createSyncHarness({ seed: seed + 1, rows: { leads: LEADS.map((id) => aLead({ id })) } })
      const model = new Model(world)
      const allTabs = new Set(model.tabs)
      try {
        for (const step of steps) {
          await model.run(step)
          await world.settle()
          expectTrueLabels(model)
          for (const tab of model.tabs) allTabs.add(tab)
        }
        await model.recover()
        for (const tab of model.tabs) allTabs.add(tab)
        const { client } = model.tabs[0]!
        const { effects } = world.server

        expect(new Set(effects).size).toBe(effects.length)
        expect(model.twins.filter((count) => count > 1)).toEqual([])
        expect(client.getQueue().filter(({ state }) => state !== 'dead')).toEqual([])
        const stored = storedIds([...allTabs])
        const kept = new Set([...storedIds([...allTabs], 'disk'), ...storedIds(model.tabs)])
        for (const { id, told } of model.clicks) {
          expect(told.length).toBeLessThanOrEqual(1)
          const view = client.getMutation(id)
          if (
            view === undefined &&
            (model.cleared?.has(id) || (stored.has(id) && !kept.has(id)) || (model.wasFull && (effects.includes(id) || told.length > 0)))
          )
            continue
          // What a tab did without disk is forgotten with that tab.
          if (effects.includes(id) && !model.lostMemory) expect(view?.phase).toBe('success')
          else if (kept.has(id) && !effects.includes(id)) expect(view).toMatchObject({ settled: true, error: { code: expect.any(String) } })
          // A click may have become another one: then that one's effect is its own.
          if (view?.phase === 'success') expect(effects).toContain(view.id)
        }
        expectOrder(model, effects, storedIds([...allTabs], 'memory'))
      } finally {
        world.close()
        for (const tab of allTabs) tab.client.destroy()
      }
    }),
    modelRuns(25),
  )
})

/** What each tab shows right now is nothing that the server could refute. */
function expectTrueLabels({ world, tabs, clicks, hadTrouble, missed, lostMemory }: Model): void {
  const { effects, requests } = world.server
  // Tabs that cannot tell each other what they did know only of their own.
  const tellEachOther = !hadTrouble && !missed
  for (const { client } of tabs) {
    const sentLater = new Set(client.getQueue().flatMap(({ id, state, attempts }) => (state === 'queued' && attempts > 0 ? [id] : [])))
    const views = clicks.flatMap(({ id }) => client.getMutation(id) ?? [])
    for (const view of views) {
      // Whoever reads "it goes on by itself" need do nothing.
      if (view.error !== undefined) expect(view.error.willRetry).toBe(!view.settled)
      if (view.settled) expect(view).toMatchObject({ nextRetryAt: null, waitsFor: undefined })
      if (view.phase === 'success') expect(effects).toContain(view.id)
      // What a tab without disk sent before it ended nobody knows: a click of its that landed there was never tried.
      if (!lostMemory && view.settled && ['error', 'conflict'].includes(view.phase)) expect(effects).not.toContain(view.id)
      const hasLeft = requests.some(({ key }) => key === view.id)
      if (tellEachOther && view.phase === 'queued' && view.attempt === 0 && !view.ambiguous) expect(hasLeft).toBe(false)
      const isAhead = (other: MutationView) => other.submittedAt < view.submittedAt && other.lanes.some((lane) => view.lanes.includes(lane))
      const waitsBehind = views.some((other) => sentLater.has(other.id) && other.phase !== 'checking' && isAhead(other))
      if (tellEachOther && waitsBehind) expect(view.phase).not.toBe('running')
    }
  }
}

function databaseOf(world: SyncHarness): Map<StorageKey, unknown> {
  return [...world.browser.databases].find(([name]) => !name.includes('origin'))![1]
}

function recordsIn(database: ReadonlyMap<StorageKey, unknown>): MutationRecord[] {
  return [...database.values()].filter((value): value is MutationRecord => (value as MutationRecord).v === 1)
}

/** In each lane, what took effect did so in the order of the clicks. What the server had accepted, or a person let be tried again, holds no lane. What waited in memory got its place later. */
function expectOrder(model: Model, effects: readonly string[], unplaced: ReadonlySet<string>): void {
  const inOrder = recordsIn(databaseOf(model.world))
    .filter((record) => effects.includes(record.id) && !isAccepted(record) && !model.retried.has(record.id) && !unplaced.has(record.id))
    .sort((left, right) => (left.seq ?? 0) - (right.seq ?? 0))
  for (const lane of new Set(inOrder.flatMap(({ lanes }) => lanes))) {
    const ids = inOrder.filter(({ lanes }) => lanes.includes(lane)).map(({ id }) => id)
    expect(effects.filter((id) => ids.includes(id))).toEqual(ids)
  }
}
