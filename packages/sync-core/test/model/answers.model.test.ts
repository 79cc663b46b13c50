import { expect, test } from '@jest/globals'
import { HEADERS, type LeadStatus, leadUpdateStatus, smsSend } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import fc from 'fast-check'
import { createSyncHarness, type FakeAnswer, type FakeFault, type SyncHarness } from '../../src/testing/index.js'
import { modelRuns } from './modelRuns.js'

const LEADS = ['lead-1', 'lead-2', 'lead-3', 'lead-4', 'lead-5', 'lead-6', 'no-such-lead'] as const
const STATUSES: LeadStatus[] = ['contacted', 'qualified', 'negotiating', 'lost']

/** More than the longest wait there is: 15 minutes and their jitter, twice. */
const LONGEST_MS = 40 * 60_000
const SLICE_MS = 2_000

type Step =
  | { do: 'status'; lead: number; status: number }
  | { do: 'sms'; lead: number }
  /** It takes effect, its answer is lost, and what comes after is someone else's. */
  | { do: 'lost'; lead: number; status: number; answer: FakeAnswer }
  | { do: 'answers'; answers: (FakeAnswer | FakeFault)[] }
  /** From now on, each answer to that click is this one. */
  | { do: 'spoil'; click: number; answer: FakeAnswer | FakeFault | undefined }
  | { do: 'wait'; ms: number }
  | { do: 'stepClock'; ms: number }
  | { do: 'retry'; click: number }
  | { do: 'believe'; isOnline: boolean }
  | { do: 'comeBack' | 'stop' | 'start' | 'sync' | 'reload' }

const retryAfter = fc.constantFrom(
  '0',
  '-5',
  '0.001',
  '1',
  '20',
  '900',
  'soon',
  '',
  'Mon, 01 Jan 2001 00:00:00 GMT',
  'Fri, 01 Jan 2100 00:00:00 GMT',
)
const headers = fc.record(
  { [HEADERS.retryAfter]: retryAfter, Date: fc.constantFrom('Thu, 15 Jan 2026 10:30:00 GMT', 'Fri, 01 Jan 2100 00:00:00 GMT', 'today') },
  { requiredKeys: [] },
)
/** What a proxy, a captive portal or a firewall may say. It never says that something is recorded. */
const stranger: fc.Arbitrary<FakeAnswer> = fc.record({
  status: fc.constantFrom(200, 207, 302, 403, 404, 408, 413, 429, 500, 502, 503, 504),
  body: fc.constantFrom<unknown>(undefined, null, { success: true }, { retryAfterMs: 0 }),
  headers,
  echo: fc.constant(false),
})
const body = (code: string | undefined, retryable: boolean | undefined) => ({
  success: false,
  error: 'x',
  ...(code === undefined ? {} : { code }),
  ...(retryable === undefined ? {} : { retryable }),
})
/** What the server may say of a request that it did not carry out. */
const refusal: fc.Arbitrary<FakeAnswer> = fc.record({
  status: fc.constantFrom(400, 403, 404, 408, 409, 422, 425, 429, 500, 503, 504),
  body: fc
    .tuple(
      fc.constantFrom(
        undefined,
        'FORBIDDEN',
        'NOT_FOUND',
        'NEW_RULE',
        'ROW_BUSY',
        'STORE_UNAVAILABLE',
        'INTERNAL',
        'IDEMPOTENCY_IN_PROGRESS',
      ),
      fc.constantFrom(undefined, true, false),
    )
    .map(([code, retryable]) => body(code, retryable)),
  headers,
})
/** A 2xx of the server's that says nothing a client can use. Only the server's own ledger says that something is recorded. */
const unreadable: fc.Arbitrary<FakeAnswer> = fc.record({
  status: fc.constantFrom(200, 201, 207),
  body: fc.constantFrom<unknown>(null, [], 'ok', { success: true }, { success: false, error: 'x', code: 'STORE_UNAVAILABLE' }),
})
const accepted: fc.Arbitrary<FakeAnswer> = headers.map((headers) => ({ status: 202, body: { success: true }, headers }))
const fault = fc.constantFrom<FakeFault>('network', 'timeout', 'lost-response', 'lost-response')
const answer = fc.oneof<fc.MaybeWeightedArbitrary<FakeAnswer | FakeFault>[]>(
  { weight: 3, arbitrary: fault },
  { weight: 4, arbitrary: stranger },
  { weight: 3, arbitrary: refusal },
  { weight: 1, arbitrary: accepted },
  { weight: 2, arbitrary: unreadable },
)

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({ do: fc.constant('status' as const), lead: fc.nat({ max: LEADS.length - 1 }), status: fc.nat({ max: 3 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('lost' as const),
      lead: fc.nat({ max: LEADS.length - 1 }),
      status: fc.nat({ max: 3 }),
      answer: stranger,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sms' as const), lead: fc.nat({ max: LEADS.length - 1 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('spoil' as const), click: fc.nat({ max: 3 }), answer: fc.option(answer, { nil: undefined }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('answers' as const), answers: fc.array(answer, { minLength: 1, maxLength: 6 }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(300, 2_000, 8_000, 20_000, 120_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stepClock' as const), ms: fc.constantFrom(-7_200_000, -700, 700, 7_200_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('retry' as const), click: fc.nat({ max: 9 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('believe' as const), isOnline: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('comeBack', 'stop', 'start', 'start', 'sync', 'reload') }) },
)

class Model {
  readonly world: SyncHarness
  readonly ids = new Set<string>()
  /** Phase `error` for a key that took effect: each is a lie. */
  readonly lies: string[] = []
  readonly #tooMany: string[] = []
  #seen = 0

  constructor(world: SyncHarness) {
    this.world = world
  }

  async run(step: Step): Promise<void> {
    const { world } = this
    switch (step.do) {
      case 'status':
        return this.#click(world.client.submit(leadUpdateStatus, { leadId: LEADS[step.lead]!, status: STATUSES[step.status]! }).id)
      case 'lost': {
        const { id } = world.client.submit(leadUpdateStatus, { leadId: LEADS[step.lead]!, status: STATUSES[step.status]! })
        world.server.answerKey(id, 'lost-response')
        await this.#click(id)
        return world.server.answerKey(id, step.answer)
      }
      case 'sms':
        return this.#click(world.client.submit(smsSend, { leadId: LEADS[step.lead]!, message: 'Hi' }, { again: true }).id)
      case 'answers':
        return world.server.next(...step.answers)
      case 'spoil': {
        const id = [...this.ids].at(-1 - step.click)
        if (id !== undefined) world.server.answerKey(id, step.answer)
        return
      }
      case 'wait':
        return this.wait(step.ms)
      case 'stepClock':
        return world.clock.step(step.ms)
      case 'retry': {
        const id = [...this.ids][step.click]
        if (id !== undefined && world.client.getMutation(id)?.settled === false) world.client.retry(id)
        return this.wait(0)
      }
      case 'believe':
        world.browser.believe(step.isOnline)
        return this.wait(0)
      case 'comeBack':
        world.tab.setVisible(false)
        world.tab.setVisible(true)
        return this.wait(0)
      case 'sync':
        void world.client.syncQueue()
        return this.wait(0)
      case 'reload':
        await world.reload()
        return this.wait(0)
      case 'stop':
      case 'start':
        return world.server[step.do]()
    }
  }

  /** Lets time pass in slices, and looks after each how often each key was sent and what is said about it. */
  async wait(ms: number): Promise<void> {
    for (let left = ms; left >= 0; left -= SLICE_MS) {
      await this.world.advance(Math.min(left, SLICE_MS))
      this.#look()
    }
  }

  async recover(): Promise<void> {
    const { server, browser } = this.world
    server.clearPlan()
    server.start()
    browser.believe(true)
    await this.wait(LONGEST_MS)
  }

  get tooMany(): readonly string[] {
    return this.#tooMany
  }

  #click(id: string): Promise<void> {
    this.ids.add(id)
    return this.wait(0)
  }

  #look(): void {
    const { server, client } = this.world
    const sent = new Map<string, number>()
    for (const { key } of server.requests.slice(this.#seen)) if (key !== null) sent.set(key, (sent.get(key) ?? 0) + 1)
    this.#seen = server.requests.length
    for (const [key, count] of sent) if (count > 5 + SLICE_MS / 200) this.#tooMany.push(`${key}: ${count}`)
    for (const id of this.ids) if (client.getMutation(id)?.phase === 'error' && server.effects.includes(id)) this.lies.push(id)
  }
}

test('whatever is answered, a click takes effect once, is never called failed when it did, is not hammered, and ends', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 60, size: 'max' }), fc.nat({ max: 1_000 }), async (steps, seed) => {
      const rows = { leads: LEADS.slice(0, -1).map((id) => aLead({ id })) }
      const world = await createSyncHarness({ seed: seed + 1, rows })
      const model = new Model(world)
      try {
        for (const step of steps) await model.run(step)
        await model.recover()
        const { effects } = world.server
        expect(new Set(effects).size).toBe(effects.length)
        expect(model.lies).toEqual([])
        expect(model.tooMany).toEqual([])
        for (const id of model.ids) {
          const view = world.client.getMutation(id)
          expect(view).toMatchObject({ settled: true, phase: expect.not.stringMatching(/unknown|checking/) })
          expect(view?.phase === 'success').toBe(effects.includes(view?.id ?? ''))
        }
      } finally {
        world.close()
      }
    }),
    modelRuns(25),
  )
})
