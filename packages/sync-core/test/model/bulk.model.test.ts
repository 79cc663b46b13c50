import { expect, test } from '@jest/globals'
import { HEADERS, type LeadStatus, leadBulkUpdateStatus, leadUpdateStatus } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import fc from 'fast-check'
import { childId } from '../../src/mutation/bulkParent.js'
import type { MutationView } from '../../src/SyncClient.js'
import type { FakeAnswer, FakeFault, HarnessTab, SyncHarness } from '../../src/testing/index.js'
import { createSyncHarness } from '../../src/testing/index.js'
import { modelRuns } from './modelRuns.js'
import { firstTab, isSignedIn } from './tabs.js'

const LEADS = ['lead-1', 'lead-2', 'lead-3', 'lead-4', 'lead-5'] as const
/** Those that exist, and one that is refused. */
const NAMED = [...LEADS, 'no-such-lead']
const STATUSES: LeadStatus[] = ['contacted', 'qualified', 'negotiating', 'lost']
const PART = 2

/** The bulk action in small: two leads a request. */
const inPairs = {
  ...leadBulkUpdateStatus,
  split: ({ leadIds, status }: { leadIds: string[]; status: LeadStatus }) =>
    Array.from({ length: Math.ceil(leadIds.length / PART) }, (_, part) => ({
      leadIds: leadIds.slice(part * PART, (part + 1) * PART),
      status,
    })),
}

const code = (status: number, name: string, retryAfter?: string): FakeAnswer => ({
  status,
  body: { success: false, error: 'x', code: name },
  ...(retryAfter && { headers: { [HEADERS.retryAfter]: retryAfter } }),
})
const FAULTS: (FakeAnswer | FakeFault)[] = [
  'network',
  'timeout',
  'lost-response',
  'lost-response',
  { status: 502, body: undefined, echo: false },
  { status: 200, body: undefined, echo: false },
  code(503, 'STORE_UNAVAILABLE', '2'),
  code(429, 'RATE_LIMITED', '3'),
  code(500, 'INTERNAL'),
  code(403, 'FORBIDDEN'),
  { status: 207, body: { success: false } },
]

type Step =
  | { do: 'bulk'; tab: number; leads: string[]; status: number }
  | { do: 'single'; tab: number; lead: number; status: number }
  | { do: 'fault'; fault: FakeAnswer | FakeFault }
  | { do: 'wait'; ms: number }
  | { do: 'offline' | 'online' | 'hold' | 'release' | 'openTab' }
  | { do: 'crash'; tab: number }
  | { do: 'cancel' | 'retry' | 'dismiss'; tab: number; click: number }

const tab = fc.nat({ max: 2 })
const status = fc.nat({ max: STATUSES.length - 1 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('bulk' as const), tab, leads: fc.subarray(NAMED, { minLength: 1 }), status }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('single' as const), tab, lead: fc.nat({ max: LEADS.length - 1 }), status }) },
  { weight: 7, arbitrary: fc.record({ do: fc.constant('fault' as const), fault: fc.constantFrom(...FAULTS) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(0, 50, 700, 4_000, 50_000) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('offline', 'online', 'hold', 'release', 'openTab') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), tab }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'retry' as const, 'dismiss' as const), tab, click: fc.nat({ max: 12 }) }),
  },
)

/** One click, with what it was told. */
interface Click {
  id: string
  leads: readonly string[]
  told: string[]
}

class Model {
  readonly clicks: Click[] = []
  readonly world: SyncHarness
  tabs: HarnessTab[]

  constructor(world: SyncHarness) {
    this.world = world
    this.tabs = [firstTab(world)]
  }

  async run(step: Step): Promise<void> {
    const { world } = this
    switch (step.do) {
      case 'bulk':
        return this.#bulk(this.#tab(step.tab), step.leads, STATUSES[step.status]!)
      case 'single': {
        const { client } = this.#tab(step.tab)
        if (isSignedIn(client)) client.submit(leadUpdateStatus, { leadId: LEADS[step.lead]!, status: STATUSES[step.status]! })
        return
      }
      case 'fault':
        return world.server.next(step.fault)
      case 'wait':
        return world.advance(step.ms)
      case 'offline':
        return world.goOffline()
      case 'online':
        return world.goOnline()
      case 'hold':
        return world.server.hold()
      case 'release':
        return world.server.release()
      case 'openTab':
        if (this.tabs.length < 3) this.tabs.push(await world.openTab())
        return
      case 'crash': {
        const tab = this.#tab(step.tab)
        await world.crash(tab)
        this.tabs = this.tabs.filter((other) => other !== tab)
        if (this.tabs.length === 0) this.tabs.push(await world.openTab())
        return
      }
      case 'cancel':
      case 'retry':
      case 'dismiss':
        return this.#act(step.do, this.#tab(step.tab), this.clicks[step.click])
      default:
        return step satisfies never
    }
  }

  /** All is well again, and a person lets what was left open be looked at once more. */
  async recover(): Promise<void> {
    const { world } = this
    world.server.release()
    world.server.clearPlan()
    await world.goOnline()
    for (let round = 0; round < 8; round++) {
      await world.advance(5 * 60_000)
      const { client } = this.tabs[0]!
      for (const { id, state } of client.getQueue()) if (state === 'unknown' || state === 'blocked') client.retry(id)
    }
  }

  #bulk({ client }: HarnessTab, leads: readonly string[], status: LeadStatus): void {
    if (!isSignedIn(client)) return
    const told: string[] = []
    const { id } = client.submit(
      inPairs,
      { leadIds: [...leads], status },
      {},
      { onSuccess: () => told.push('success'), onError: () => told.push('error') },
    )
    if (!this.clicks.some((click) => click.id === id)) this.clicks.push({ id, leads, told })
  }

  async #act(what: 'cancel' | 'retry' | 'dismiss', { client }: HarnessTab, click: Click | undefined): Promise<void> {
    if (click === undefined) return
    // What ended is started over as a click of its own, which this test would not know of.
    if (what === 'retry' && client.getMutation(click.id)?.settled !== false) return
    void client[what](click.id)
    await this.world.settle()
  }

  #tab(index: number): HarnessTab {
    return this.tabs[index % this.tabs.length]!
  }
}

/** The parts of a click, and how many leads are in each. */
function partsOf({ id, leads }: Click) {
  return Array.from({ length: Math.ceil(leads.length / PART) }, (_, part) => ({
    key: leads.length > PART ? childId(id, part) : id,
    leads: leads.slice(part * PART, (part + 1) * PART),
  }))
}

/** What a tab shows of a bulk click is nothing that the server could refute. */
function expectTrue(view: MutationView, click: Click, { server }: SyncHarness): void {
  const parts = partsOf(click)
  const done = parts.filter(({ key }) => server.effects.includes(key))
  const leadsDone = done.flatMap(({ leads }) => leads).length
  const { processed, total, failed } = view.progress
  expect(total).toBe(click.leads.length)
  expect(processed).toBeLessThanOrEqual(total)
  expect(failed).toBeLessThanOrEqual(processed)
  // Never more than took effect is counted as updated.
  expect(processed - failed).toBeLessThanOrEqual(leadsDone)
  if (view.phase === 'success') expect(done).toHaveLength(parts.length)
  if (view.phase === 'partial') expect(done.length).toBeGreaterThan(0)
  if (view.phase === 'error') expect(done).toEqual([])
  const hasLeft = server.requests.some(({ key }) => parts.some((part) => part.key === key))
  if (view.phase === 'queued' && view.attempt === 0 && !view.ambiguous) expect(hasLeft).toBe(false)
}

test('whatever happens, the parts of a bulk click take effect once each, and their sum is what is shown', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 30 }), fc.nat({ max: 1_000 }), async (steps, seed) => {
      const world = await createSyncHarness({
        seed: seed + 1,
        rows: { leads: LEADS.map((id) => aLead({ id, status: 'new' })) },
        actions: [inPairs],
      })
      const model = new Model(world)
      const allTabs = new Set(model.tabs)
      const expectTrueLabels = () => {
        for (const { client } of model.tabs) {
          for (const click of model.clicks) {
            const view = client.getMutation(click.id)
            if (view?.id === click.id) expectTrue(view, click, world)
          }
        }
      }
      try {
        for (const step of steps) {
          await model.run(step)
          await world.settle()
          for (const tab of model.tabs) allTabs.add(tab)
          expectTrueLabels()
        }
        await model.recover()
        expectTrueLabels()

        const { effects } = world.server
        expect(new Set(effects).size).toBe(effects.length)
        for (const click of model.clicks) {
          expect(click.told.length).toBeLessThanOrEqual(1)
          const view = model.tabs[0]!.client.getMutation(click.id)
          if (view === undefined) continue
          expect(view.settled).toBe(true)
          if (view.data === undefined) continue
          const { updated, failed, unchanged, cancelled = 0 } = view.data as Record<string, number>
          expect(updated! + failed! + unchanged! + cancelled).toBe(click.leads.length)
        }
      } finally {
        world.close()
        for (const { client } of allTabs) client.destroy()
      }
    }),
    modelRuns(25),
  )
})
