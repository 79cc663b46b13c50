import { describe, expect, test } from '@jest/globals'
import { HEADERS, leadUpdateStatus } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import fc from 'fast-check'
import type { Answer, IdentityEvent } from '../../src/identity/IdentityEvent.js'
import { AT_START, type IdentityState, mayStateSend } from '../../src/identity/IdentityState.js'
import { scopeName } from '../../src/identity/scopeName.js'
import { transition } from '../../src/identity/transition.js'
import { createSyncHarness, type HarnessTab, type SyncHarness } from '../../src/testing/index.js'
import { modelRuns } from './modelRuns.js'

const USERS = [
  { actor: 'ana', tenant: 'org-1' },
  { actor: 'ben', tenant: 'org-1' },
] as const

const anAnswer: fc.Arbitrary<Answer> = fc.oneof(
  fc.constantFrom(...USERS).map((user) => ({ kind: 'named', user }) as const),
  fc.boolean().map((isFinal) => ({ kind: 'nobody', isFinal }) as const),
  fc
    .constantFrom('token-refused', 'token-unavailable', 'api-unreachable', 'api-misconfigured')
    .map((reason) => ({ kind: 'unsure', reason }) as const),
)
/** Of the present, or of some other moment. */
const aLag = fc.integer({ min: -3, max: 1 }).map((lag) => Math.min(lag, 0))

type Lagged = { lag: number; event: (stamp: number) => IdentityEvent }
const anEvent: fc.Arbitrary<Lagged> = fc.record({
  lag: aLag,
  event: fc.oneof(
    { weight: 4, arbitrary: anAnswer.map((answer) => (stamp: number) => ({ type: 'answered', stamp, answer }) as const) },
    { weight: 2, arbitrary: fc.constant((stamp: number) => ({ type: 'due', stamp }) as const) },
    {
      weight: 3,
      arbitrary: fc
        .record({
          news: fc.constantFrom('token-refused', 'token-unavailable', 'unauthenticated', 'actor-mismatch', 'accepted'),
          asksHost: fc.boolean(),
        })
        .map((attempt) => (stamp: number) => ({ type: 'attempted', stamp, ...attempt }) as IdentityEvent),
    },
    fc
      .constantFrom<IdentityEvent>(
        { type: 'hinted' },
        { type: 'returned', hides: true },
        { type: 'returned', hides: false },
        { type: 'refreshed' },
        { type: 'signed-out', user: null },
        { type: 'signed-out-elsewhere', user: scopeName(USERS[0]) },
        { type: 'asked-elsewhere' },
      )
      .map((event) => () => event),
  ),
})

describe('the table, whatever happens in whatever order', () => {
  test('ignores what is old, signs nobody in by itself, and never waits for nothing', () => {
    const property = fc.property(fc.constantFrom(null, ...USERS), fc.array(anEvent, { maxLength: 40, size: 'max' }), (user, events) => {
      let state: IdentityState = AT_START
      /** The stamps under which a question is on its way, or planned. */
      const open = new Set<number>()
      const step = (event: IdentityEvent) => {
        const before = state
        const { state: after, askIn } = transition(before, event)
        if ('stamp' in event && event.stamp !== before.stamp) expect(after).toBe(before)
        if (event.type === 'answered' || event.type === 'due') open.delete(event.stamp)
        if (before.is === 'signed-out' && before.isByUs && event.type !== 'refreshed') {
          expect(after.is === 'signed-out' && after.isByUs).toBe(true)
        }
        if (after !== before) expect(after.stamp).toBe(before.stamp + 1)
        if (askIn !== undefined) open.add(after.stamp)
        state = after
        const isWaitingForGood = after.is === 'signed-out' && (after.isByUs || after.tries >= 20)
        const isAtRest = mayStateSend(after) !== 'no' || isWaitingForGood
        if (!isAtRest) expect(open).toContain(after.stamp)
      }
      step({ type: 'started', user })
      for (const { lag, event } of events) {
        const stamp = state.stamp + lag
        // What is of the present was asked for.
        const next = event(stamp)
        if (lag === 0 && (next.type === 'answered' || next.type === 'due') && !open.has(stamp)) continue
        step(next)
      }
    })
    fc.assert(property, modelRuns(200))
  })
})

type Step =
  | { do: 'click'; tab: number; lead: number }
  | { do: 'switch'; tab: number; user: 0 | 1; clicks: 'before' | 'after' | 'never' }
  | { do: 'sign out'; tab: number; mode: 'keep' | 'flush' | 'discard' }
  | { do: 'sign in'; tab: number }
  | { do: 'token'; tab: number; fault: 'none' | 'null' | 'throws' | 'old' }
  | { do: 'freeze' | 'thaw' | 'hide' | 'show' | 'reload'; tab: number }
  | { do: 'network'; up: boolean }
  | { do: 'slow'; ms: number }
  | { do: 'wait'; ms: number }

const TABS = 3
const aTab = fc.nat({ max: TABS - 1 })
const aStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('click'), tab: aTab, lead: fc.nat({ max: 3 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('switch'),
      tab: aTab,
      user: fc.constantFrom(0, 1),
      clicks: fc.constantFrom('before', 'after', 'never'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sign out'), tab: aTab, mode: fc.constantFrom('keep', 'flush', 'discard') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sign in'), tab: aTab }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('token'), tab: aTab, fault: fc.constantFrom('none', 'null', 'throws', 'old') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('freeze', 'thaw', 'hide', 'show', 'reload'), tab: aTab }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('network'), up: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('slow'), ms: fc.constantFrom(0, 500, 3_000) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(0, 100, 2_000, 40_000) }) },
) as fc.Arbitrary<Step>

/** One tab and the host's own idea of who is signed in there. */
interface Place {
  tab: HarnessTab
  user: (typeof USERS)[number]
  fault: 'none' | 'null' | 'throws' | 'old'
  isSignedOut: boolean
  isFrozen: boolean
}

function actorOf({ tab }: Place): string | undefined {
  const identity = tab.client.getIdentity()
  return 'actor' in identity ? identity.actor : undefined
}

class Model {
  readonly world: SyncHarness
  readonly places: Place[] = []
  readonly clicked = new Map<string, string>()
  delayMs = 0

  constructor(world: SyncHarness) {
    this.world = world
  }

  async open(): Promise<void> {
    for (const user of USERS) this.world.server.tokens.set(user.actor, user)
    for (let index = 0; index < TABS; index++) {
      const place = { user: USERS[index % 2]!, fault: 'none', isSignedOut: false, isFrozen: false } as Place
      place.tab = await this.world.openTab({ getAccessToken: () => this.#token(place) })
      this.places.push(place)
    }
  }

  async #token(place: Place): Promise<string | null> {
    await this.pass()
    const { fault, user } = place
    if (fault === 'throws') throw new Error('The sign-in service is down')
    return fault === 'null' ? null : fault === 'old' ? 'worn out' : user.actor
  }

  /** A slow line, or a slow sign-in service. */
  pass(): Promise<void> {
    const ms = this.delayMs
    return ms === 0 ? Promise.resolve() : new Promise((resolve) => this.world.clock.setTimer(resolve, ms))
  }

  async run(step: Step): Promise<void> {
    const { world } = this
    if (step.do === 'wait') return world.advance(step.ms)
    if (step.do === 'network') return step.up ? world.goOnline() : world.goOffline()
    if (step.do === 'slow') {
      this.delayMs = step.ms
      return
    }
    const place = this.places[step.tab]!
    const { client, tab } = place.tab
    switch (step.do) {
      case 'click':
        return this.#click(place, step.lead)
      case 'switch':
        if (place.isFrozen) return
        if (step.clicks === 'before') this.#click(place, 0)
        // What was clicked has begun to be sent, or has not.
        if (step.user === 0) await world.settle()
        place.user = USERS[step.user]!
        place.isSignedOut = false
        void client.refreshIdentity()
        if (step.clicks === 'after') this.#click(place, 1)
        return
      case 'sign in':
        place.isSignedOut = false
        void client.refreshIdentity()
        return
      case 'sign out': {
        if (place.isFrozen) return
        const here = actorOf(place)
        // Who is on the way to be somebody else may have become so by then.
        const theirs = this.places.filter((other) => !other.isFrozen && actorOf(other) === here && other.user.actor === here)
        const left = client.signOut({ mode: step.mode, timeoutMs: 1_000 })
        await world.advance(1_500)
        await left
        place.isSignedOut = true
        if (here !== undefined) for (const other of theirs) other.isSignedOut = true
        return
      }
      case 'token':
        place.fault = step.fault
        return
      case 'freeze':
        tab.freeze()
        place.isFrozen = true
        return
      case 'thaw':
        if (place.isFrozen) tab.thaw()
        place.isFrozen = false
        return
      case 'hide':
      case 'show':
        if (!place.isFrozen) tab.setVisible(step.do === 'show')
        return
      case 'reload':
        place.tab = await world.reopen(place.tab)
        place.isSignedOut = false
        place.isFrozen = false
        return
    }
  }

  #click({ tab: { client }, isFrozen }: Place, lead: number): void {
    const identity = client.getIdentity()
    if (!('actor' in identity) || isFrozen) return
    const status = this.clicked.size % 2 ? 'contacted' : 'qualified'
    const { id } = client.submit(leadUpdateStatus, { leadId: `lead-${lead}`, status })
    this.clicked.set(id, identity.actor)
  }

  check(): void {
    for (const [key, doer] of this.world.server.doers) expect([key, doer]).toEqual([key, this.clicked.get(key)])
    for (const { headers } of this.world.server.writes) {
      const token = headers.Authorization?.replace('Bearer ', '')
      if (token !== 'worn out') expect(headers[HEADERS.mutationActor]).toBe(token)
    }
    for (const { tab, isSignedOut } of this.places) if (isSignedOut) expect(tab.client.getIdentity()).toMatchObject({ state: 'signed-out' })
  }

  /** All is well again, and everybody is asked. */
  async heal(): Promise<void> {
    this.delayMs = 0
    await this.world.goOnline()
    for (const [index, place] of this.places.entries()) {
      if (place.isFrozen) place.tab.tab.thaw()
      Object.assign(place, { fault: 'none', user: USERS[index % 2], isSignedOut: false, isFrozen: false })
      void place.tab.client.refreshIdentity()
    }
    await this.world.advance(200_000)
    for (const { tab, user } of this.places) expect(tab.client.getIdentity()).toEqual({ state: 'confirmed', ...user })
    for (const { tab } of this.places) expect(tab.client.getConnectivity().pendingCount).toBe(0)
  }
}

test('three tabs of two people: nothing in another’s name, nobody signed in again by itself, and all is well in the end', async () => {
  const rows = { leads: [0, 1, 2, 3].map((n) => aLead({ id: `lead-${n}`, status: 'new' })) }
  const property = fc.asyncProperty(
    fc.constantFrom(0, 500, 3_000),
    fc.array(aStep, { maxLength: 30, size: 'max' }),
    async (delayMs, steps) => {
      let pass = () => Promise.resolve()
      const world = await createSyncHarness({
        rows,
        getAccessToken: () => 'ana',
        wrapTransport: (transport) => ({
          send: async (request) => {
            await pass()
            const answer = await transport.send(request)
            await pass()
            return answer
          },
        }),
      })
      const model = new Model(world)
      pass = () => model.pass()
      try {
        await model.open()
        model.delayMs = delayMs
        for (const step of steps) {
          await model.run(step)
          await world.settle()
          model.check()
        }
        await model.heal()
        model.check()
      } finally {
        world.close()
      }
    },
  )
  await fc.assert(property, modelRuns(40))
})
