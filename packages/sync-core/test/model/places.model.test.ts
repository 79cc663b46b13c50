import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { MemoryStorage } from '../../src/adapters/memoryStorage.js'
import type { MutationRecord } from '../../src/mutation/MutationRecord.js'
import { isBulk } from '../../src/mutation/mutationState.js'
import { settled } from '../../src/mutation/transitions.js'
import type { MutationStorage, StorageKey, StorageWrite } from '../../src/ports/MutationStorage.js'
import { change } from '../../src/queue/change.js'
import { enqueue } from '../../src/queue/enqueue.js'
import { forget, isPlaceKept } from '../../src/queue/forget.js'
import type { Committed } from '../../src/queue/StoredQueue.js'
import { aCommitter, type TabsQueue } from '../../src/testing/aCommitter.js'
import { aMutation } from '../../src/testing/aMutation.js'
import { fakeClock } from '../../src/testing/fakeClock.js'
import { settle } from '../../src/testing/settle.js'
import { modelRuns } from './modelRuns.js'

type Step =
  | { do: 'click'; tab: number; lane: number; request: number; clicks: number }
  | { do: 'end'; tab: number; click: number }
  | { do: 'tidy' | 'hear' | 'lose' | 'crash'; tab: number }
  | { do: 'rest' }
  | { do: 'wait'; ms: number }
  | { do: 'stepClock'; ms: number }

const tab = fc.nat({ max: 2 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('click' as const),
      tab,
      lane: fc.nat({ max: 1 }),
      request: fc.nat({ max: 1 }),
      clicks: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('end' as const), tab, click: fc.nat({ max: 30 }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('tidy' as const, 'hear' as const, 'lose' as const, 'crash' as const), tab }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('rest' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1_000, 19_000, 41_000, 61_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stepClock' as const), ms: fc.constantFrom(-3_600_000, 3_600_000) }) },
)

const idOf = (value: unknown) => (value as MutationRecord).id

/** One storage under several tabs. It looks at each commit as it happens, which no tab can. */
class World {
  readonly clock = fakeClock()
  readonly entries = new Map<StorageKey, unknown>()
  readonly storage: MutationStorage
  readonly clicks: MutationRecord[] = []
  lastPlace = 0
  readonly faults: string[] = []
  /** The click that was stored last in each lane. */
  readonly #latest = new Map<string, string>()
  readonly tabs: readonly Tab[]

  constructor() {
    const store = new MemoryStorage(this.entries, 'disk')
    this.storage = {
      durability: 'disk',
      entries: () => store.entries(),
      close: () => {},
      transaction: (options, plan) =>
        store.transaction(options, async (reader) => {
          const writes = await plan(reader)
          if (!writes.some(({ key, isNew }) => isNew && this.entries.has(key))) this.#look(writes)
          return writes
        }),
    }
    this.tabs = [0, 1, 2].map(() => new Tab(this))
  }

  records(): MutationRecord[] {
    return [...this.entries].flatMap(([key, value]) => (typeof key === 'number' ? [value as MutationRecord] : [])).sort(bySeq)
  }

  #look(writes: readonly StorageWrite[]): void {
    const before = this.records()
    // Where something ends in the same transaction, this cannot tell whether it was before the click.
    const isOnlyClicks = writes.every(({ value, isNew }) => isNew && (value as MutationRecord).state === 'queued')
    for (const { key, value, isNew } of writes) {
      if (!isNew) continue
      const click = value as MutationRecord
      if (key !== click.seq) this.faults.push(`${click.id} says it is at ${click.seq} and is at ${key}`)
      if (click.seq! <= this.lastPlace) this.faults.push(`place ${click.seq} is not after all others`)
      if (before.some(({ id }) => id === click.id)) this.faults.push(`${click.id} was stored twice`)
      // A tab may not know yet that something ended, and was forgotten since; but what was clicked last, and goes on, it has to know.
      const last = before.find(({ id }) => id === this.#latest.get(click.lanes[0]!))
      const isSame = last?.state === 'queued' && last.request === click.request
      if (isOnlyClicks && isSame) this.faults.push(`${click.id} should have joined ${last.id}`)
      this.lastPlace = Math.max(this.lastPlace, click.seq!)
      this.#latest.set(click.lanes[0]!, click.id)
      before.push(click)
    }
  }
}

/** One tab: what it knows, what it was told and has not heard yet. */
class Tab {
  readonly #world: World
  #inbox: Committed[] = []
  #committer: TabsQueue
  #life = 0

  constructor(world: World) {
    this.#world = world
    this.#committer = this.#open()
  }

  click(fields: { lane: number; request: number }): void {
    const { clock, clicks } = this.#world
    const lanes = [`lane-${fields.lane}`]
    const record = aMutation({
      id: `click-${clicks.length}`,
      seq: null,
      rev: 0,
      storedAt: null,
      lanes,

      request: fields.request,
    })
    clicks.push(record)
    void this.#committer.run(enqueue([record], { maxUnfinished: 1_000, maxBytes: 1e9, duplicateWindowMs: 0, now: clock.now() }))
  }

  end(record: MutationRecord): void {
    const now = this.#world.clock.now()
    const result = { outcome: 'success', status: 200, code: null, body: null, replayed: false, at: now } as const
    const decide = (current: MutationRecord) => (current.state === 'queued' && !isBulk(current) ? settled(current, { result }) : undefined)
    void this.#committer.run(change(record, decide, { now }))
  }

  tidy(): void {
    const now = this.#world.clock.now()
    void this.#committer.run(forget(this.#world.records().filter((record) => !isPlaceKept(record, now))))
  }

  hear(): void {
    for (const { written, from, to } of this.#inbox.splice(0)) this.#committer.follow(written, from, to)
  }

  lose(): void {
    this.#inbox = []
  }

  /** What it was just writing may land, but nobody is told. */
  crash(): void {
    this.#life += 1
    this.lose()
    this.#committer = this.#open()
  }

  /** What the tab knows once it has caught up. */
  knowledge(): Promise<[StorageKey, unknown][]> {
    const committer = this.#committer
    return committer.run({ apply: (draft) => this.#world.records().map(({ id, seq }) => [seq!, draft.get(id)]) })
  }

  #open(): TabsQueue {
    const { clock, storage } = this.#world
    const life = this.#life
    const committer = aCommitter({
      clock,
      storage,
      onCommitted: (committed) => {
        if (life === this.#life) for (const other of this.#world.tabs) if (other !== this) other.#inbox.push(structuredClone(committed))
      },
    })
    void committer.run({ apply: () => undefined })
    return committer
  }
}

function bySeq(left: MutationRecord, right: MutationRecord): number {
  return (left.seq ?? 0) - (right.seq ?? 0)
}

async function take(world: World, step: Step): Promise<void> {
  switch (step.do) {
    case 'click':
      for (let click = 0; click < step.clicks; click++) world.tabs[step.tab]!.click({ ...step, request: (step.request + click) % 2 })
      return
    case 'end': {
      const record = world.clicks[step.click]
      if (record !== undefined) world.tabs[step.tab]!.end(record)
      return
    }
    case 'rest':
      return settle()
    case 'wait':
      return world.clock.advance(step.ms)
    case 'stepClock':
      return world.clock.step(step.ms)
    default:
      return world.tabs[step.tab]![step.do]()
  }
}

test('whatever tabs miss, no place is given twice, no click is doubled, and a tab that asks knows all', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const world = new World()
      for (const step of steps) await take(world, step)
      await settle()
      expect(world.faults).toEqual([])
      for (const tab of world.tabs) {
        const known = await tab.knowledge()
        expect(known).toEqual(world.records().map((record) => [record.seq, record]))
        expect(known.map(([, record]) => idOf(record))).toEqual(world.records().map(({ id }) => id))
      }
    }),
    modelRuns(60),
  )
})
