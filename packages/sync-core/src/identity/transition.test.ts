import { describe, expect, test } from '@jest/globals'
import type { Answer, AttemptNews, IdentityEvent } from './IdentityEvent.js'
import { AT_START, type IdentityState, mayStateSend, signedOut as nobodyHere, type Present, present, showsRows } from './IdentityState.js'
import { noteUser } from './noteUser.js'
import { scopeName } from './scopeName.js'
import { isLastQuestion, transition } from './transition.js'

const ana = { actor: 'ana', tenant: 'org-1' }
const ben = { actor: 'ben', tenant: 'org-1' }
const start: IdentityState = { ...AT_START, stamp: 7 }
const remembered = present('remembered', ana, { stamp: 6 })
const confirmed = present('confirmed', ana, { stamp: 6 })
const signedOut: IdentityState = nobodyHere(false, null, { stamp: 6 })
const left: IdentityState = nobodyHere(true, null, { stamp: 6 })
const KNOWN = { start, remembered, confirmed, signedOut, left }
/** "Any" in the table: any but signed-out. */
const ANY = [
  ['loading', start],
  ['remembered', remembered],
  ['confirmed', confirmed],
] as const
const ALL = Object.entries(KNOWN)

const answered = (answer: Answer, stamp = 7): IdentityEvent => ({ type: 'answered', stamp, answer })
const named = (user = ana) => answered({ kind: 'named', user })
const nobody = (isFinal: boolean): Answer => ({ kind: 'nobody', isFinal })
const attempted = (news: AttemptNews, { stamp = 7, asksHost = false } = {}): IdentityEvent => ({ type: 'attempted', stamp, news, asksHost })

/** What the columns of the table say about a state. */
function row(state: IdentityState) {
  return { is: state.is, reason: state.reason, sends: mayStateSend(state), rows: showsRows(state) }
}
/** A step of the table, and what follows: who is remembered or forgotten, what other tabs are told, when it is asked who is here. */
function step(before: IdentityState, event: IdentityEvent) {
  const { state, askIn } = transition(before, event)
  const effects: unknown[] = []
  const memory = { remember: () => void effects.push('remember'), forget: () => void effects.push('forget') }
  noteUser({ before, after: state, event }, { memory, talk: { say: ({ type }) => void effects.push(`tell-${type}`) } })
  if (askIn !== undefined) effects.push(askIn === 0 ? 'ask' : askIn)
  return { state, effects }
}

/** Lets each answer come to the present question; says what was waited for in between. */
function answers(state: IdentityState, list: readonly Answer[]) {
  const waits: unknown[] = []
  let now = state
  for (const answer of list) {
    const next = step(now, answered(answer, now.stamp))
    waits.push(next.effects.filter((effect) => typeof effect === 'number'))
    now = next.state
  }
  return { state: now, waits }
}

describe('the start', () => {
  test('with a user remembered for this tab or the origin: of that user, nothing is sent until there is evidence', () => {
    const { state, effects } = step(AT_START, { type: 'started', user: ana })
    expect(row(state)).toEqual({ is: 'remembered', reason: null, sends: 'no', rows: true })
    expect(state.user).toEqual(ana)
    expect(effects).toEqual(['ask'])
  })

  test('with nobody remembered: loading', () => {
    const { state, effects } = step(AT_START, { type: 'started', user: null })
    expect(row(state)).toEqual({ is: 'loading', reason: null, sends: 'no', rows: false })
    expect(effects).toEqual(['ask'])
  })
})

describe('an answer that names someone', () => {
  test.each(['start', 'remembered', 'signedOut', 'confirmed'] as const)('confirms from %s', (from) => {
    const { state } = step(KNOWN[from], named())
    expect(row(state)).toEqual({ is: 'confirmed', reason: null, sends: 'yes', rows: true })
    expect(state.user).toEqual(ana)
  })

  test('is remembered, and other tabs are told to ask when it is another user than before', () => {
    expect(step(remembered, named()).effects).toEqual(['remember'])
    for (const from of [start, remembered, confirmed, signedOut]) {
      const { state, effects } = step(from, named(ben))
      expect(state.user).toEqual(ben)
      expect(effects).toEqual(['remember', 'tell-asked-elsewhere'])
    }
  })

  test.each(ALL)('is ignored when its stamp is old, in %s', (_name, state) => {
    for (const stamp of [0, 6, 8]) expect(step(state, answered({ kind: 'named', user: ben }, stamp))).toEqual({ state, effects: [] })
  })

  test('signs nobody in who was signed out by us', () => {
    expect(step(left, named())).toEqual({ state: left, effects: [] })
  })
})

describe('401', () => {
  test.each(ANY)('with a token that was given, and its renewal refused too: signed out, in %s', (_name, from) => {
    const { state, effects } = step(from, answered(nobody(true)))
    expect(row(state)).toEqual({ is: 'signed-out', reason: 'token-refused', sends: 'no', rows: false })
    expect(effects).toEqual(from.is === 'loading' ? [30_000] : ['forget', 'tell-asked-elsewhere', 30_000])
  })

  test.each(ANY)('of a cookie session: asked twice more, after 1 s and 2 s, then signed out, in %s', (_name, from) => {
    const once = answers(from, [nobody(false)])
    expect(row(once.state)).toEqual({ is: from.is, reason: 'token-refused', sends: 'no', rows: from.is !== 'loading' })
    const { state, waits } = answers(from, [nobody(false), nobody(false), nobody(false)])
    expect(waits.slice(0, 2)).toEqual([[1_000], [2_000]])
    expect(row(state)).toEqual({ is: 'signed-out', reason: null, sends: 'no', rows: false })
  })

  test('to a mutation: asked at once; when the session still names the same user, one request tries, ever less often', () => {
    let state: IdentityState = confirmed
    const waits: unknown[] = []
    for (let round = 0; round < 8; round++) {
      const refused = step(state, attempted('unauthenticated', { stamp: state.stamp }))
      expect(row(refused.state)).toEqual({ is: 'confirmed', reason: 'token-refused', sends: 'no', rows: true })
      waits.push(...refused.effects)
      state = step(refused.state, answered({ kind: 'named', user: ana }, refused.state.stamp)).state
      expect(row(state)).toEqual({ is: 'confirmed', reason: 'token-refused', sends: 'probe', rows: true })
    }
    expect(waits).toEqual(['ask', 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
    expect(row(step(state, attempted('accepted', { stamp: state.stamp })).state)).toEqual(row(confirmed))
  })
})

test('a 401 that nothing was left to be tried with is withdrawn by a session that goes on naming the user', () => {
  const { state, waits } = answers(step(confirmed, attempted('unauthenticated')).state, [{ kind: 'named', user: ana }])
  expect([row(state).sends, waits]).toEqual(['probe', [[30_000]]])
  expect(row(answers(state, [{ kind: 'named', user: ana }]).state)).toEqual(row(confirmed))
})

describe('the token function', () => {
  test.each(ANY)('gives null: the same state, asked again at 1, 3, 6 and 10 s, the last time without a token, in %s', (_name, from) => {
    const { state, waits } = answers(
      from,
      Array.from({ length: 4 }, (): Answer => ({ kind: 'unsure', reason: 'token-refused' })),
    )
    expect(waits).toEqual([[1_000], [2_000], [3_000], [4_000]])
    expect(row(state)).toEqual({ is: from.is, reason: 'token-refused', sends: 'no', rows: from.is !== 'loading' })
    for (const asked of [from, state]) expect(step(asked, { type: 'due', stamp: asked.stamp }).effects).toEqual(['ask'])
    expect([isLastQuestion(from), isLastQuestion(state)]).toEqual([false, true])
    expect(row(step(state, answered(nobody(true), state.stamp)).state).is).toBe('signed-out')
  })

  test('gives null to a mutation: the same', () => {
    const { state, effects } = step(confirmed, attempted('token-refused'))
    expect(row(state)).toEqual({ is: 'confirmed', reason: 'token-refused', sends: 'no', rows: true })
    expect(effects).toEqual([1_000])
    expect(answers(state, [{ kind: 'unsure', reason: 'token-refused' }]).waits).toEqual([[2_000]])
  })

  test.each(ANY)('throws or hangs: the same state, not known, asked again every few seconds, in %s', (_name, from) => {
    const unavailable: Answer = { kind: 'unsure', reason: 'token-unavailable' }
    const { state, waits } = answers(from, [unavailable, unavailable, unavailable, unavailable, unavailable])
    expect(waits).toEqual([[1_000], [2_000], [4_000], [5_000], [5_000]])
    expect(row(state)).toEqual({ is: from.is, reason: 'token-unavailable', sends: 'no', rows: from.is !== 'loading' })
    expect(row(step(confirmed, attempted('token-unavailable')).state)).toEqual({
      ...row(confirmed),
      reason: 'token-unavailable',
      sends: 'no',
    })
  })
})

describe('no answer', () => {
  test.each(['api-unreachable', 'api-misconfigured'] as const)('%s: the same state, asked again', (reason) => {
    for (const [, from] of ANY) {
      const { state, waits } = answers(
        from,
        Array.from({ length: 25 }, (): Answer => ({ kind: 'unsure', reason })),
      )
      expect(row(state)).toEqual({ is: from.is, reason, sends: 'no', rows: from.is !== 'loading' })
      const ms = waits.flat() as number[]
      expect(Math.max(...ms.slice(0, 15))).toBe(2_000)
      expect(ms.slice(0, 15).reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(25_000)
      expect(ms.at(-1)).toBe(30_000)
    }
  })
})

describe('403 ACTOR_MISMATCH', () => {
  const differs = step(confirmed, attempted('actor-mismatch'))

  test('speaks about identity: nothing is sent or shown, and it is asked at once', () => {
    expect(row(differs.state)).toEqual({ is: 'remembered', reason: 'actor-differs', sends: 'no', rows: false })
    expect(differs.effects).toEqual(['ask'])
  })

  test('where the host names the user: asked after 1 … 30 s', () => {
    let state: IdentityState = confirmed
    const waits: unknown[] = []
    for (let round = 0; round < 7; round++) {
      const next = step(state, attempted('actor-mismatch', { stamp: state.stamp, asksHost: true }))
      waits.push(...next.effects)
      state = step(next.state, answered({ kind: 'named', user: ana }, next.state.stamp)).state
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  })

  test('the same user named again: one probe, and confirmed only when that was accepted', () => {
    const again = step(differs.state, named(ana))
    const { stamp } = differs.state
    const state = step(differs.state, answered({ kind: 'named', user: ana }, stamp)).state
    expect(again.state).toBe(differs.state)
    expect(row(state)).toEqual({ is: 'remembered', reason: 'actor-differs', sends: 'probe', rows: true })
    expect(step(state, attempted('accepted', { stamp })).state).toBe(state)
    const accepted = step(state, attempted('accepted', { stamp: state.stamp }))
    expect(row(accepted.state)).toEqual(row(confirmed))
    expect((accepted.state as Present).doubts).toBe(0)
  })

  test('a lost network in between does not make it certain', () => {
    const { state } = answers(differs.state, [
      { kind: 'unsure', reason: 'api-unreachable' },
      { kind: 'named', user: ana },
    ])
    expect(row(state)).toEqual({ is: 'remembered', reason: 'actor-differs', sends: 'probe', rows: true })
  })

  test('of several requests at once counts once', () => {
    expect(step(differs.state, attempted('actor-mismatch')).state).toBe(differs.state)
  })
})

describe('a page that was away', () => {
  test('restored: remembered, hidden until it is known', () => {
    const { state, effects } = step(confirmed, { type: 'returned', hides: true })
    expect(row(state)).toEqual({ is: 'remembered', reason: null, sends: 'no', rows: false })
    expect(effects).toEqual(['ask'])
    expect(answers(state, [{ kind: 'named', user: ana }]).state).toMatchObject({ is: 'confirmed', isHidden: false })
    expect(showsRows(answers(state, [{ kind: 'unsure', reason: 'api-unreachable' }]).state)).toBe(true)
    expect(showsRows(answers(state, [{ kind: 'unsure', reason: 'token-unavailable' }]).state)).toBe(false)
    expect(showsRows(step(confirmed, { type: 'returned', hides: false }).state)).toBe(true)
  })

  test('visible after half a minute: remembered, rows kept', () => {
    const { state, effects } = step(confirmed, { type: 'returned', hides: false })
    expect(row(state)).toEqual({ is: 'remembered', reason: null, sends: 'no', rows: true })
    expect(effects).toEqual(['ask'])
  })

  test('a probe that was allowed before is not any more', () => {
    const doubtful: Present = { ...remembered, doubt: 'actor-differs', reason: 'actor-differs', mayProbe: true }
    for (const event of [{ type: 'returned', hides: true }, { type: 'refreshed' }, { type: 'asked-elsewhere' }] as const) {
      expect(mayStateSend(step(doubtful, event).state)).toBe('no')
    }
  })
})

describe('signing out', () => {
  test.each(ANY)('here: nobody, and the tabs of that user are told, in %s', (_name, from) => {
    const { state, effects } = step(from, { type: 'signed-out', user: null })
    expect(state).toEqual({ ...left, stamp: 8 })
    expect(effects).toEqual(from.is === 'loading' ? [] : ['forget', 'tell-signed-out-elsewhere'])
  })

  test('of somebody who is not here any more leaves whoever is', () => {
    expect(step(confirmed, { type: 'signed-out', user: ben }).state).toBe(confirmed)
  })

  test('in another tab, of this user: the same, and nobody is told again', () => {
    const { state, effects } = step(confirmed, { type: 'signed-out-elsewhere', user: scopeName(ana) })
    expect(state).toEqual({ ...left, stamp: 8 })
    expect(effects).toEqual(['forget'])
  })

  test.each(ALL)('in another tab, of another user: ignored, in %s', (_name, from) => {
    expect(step(from, { type: 'signed-out-elsewhere', user: scopeName(ben) })).toEqual({ state: from, effects: [] })
  })

  const HINTS: IdentityEvent[] = [
    { type: 'hinted' },
    { type: 'returned', hides: true },
    { type: 'asked-elsewhere' },
    { type: 'due', stamp: 7 },
    named(),
    attempted('accepted'),
  ]
  test.each(HINTS)('by us ends by no hint, timer, message or answer: %j', (event) => {
    expect(step(left, event)).toEqual({ state: left, effects: [] })
  })

  test('by us ends when the host says so', () => {
    const { state, effects } = step(left, { type: 'refreshed' })
    expect(effects).toEqual(['ask'])
    expect(row(step(state, answered({ kind: 'named', user: ana }, state.stamp)).state)).toEqual(row(confirmed))
  })

  test('by itself: asked on hints, and every 30 s for ten minutes; sooner while whoever signs in waits for a server', () => {
    expect(step(signedOut, { type: 'hinted' }).effects).toEqual(['ask'])
    const { waits } = answers(
      signedOut,
      Array.from({ length: 20 }, () => nobody(false)),
    )
    expect(waits).toEqual([...Array.from({ length: 19 }, () => [30_000]), []])
    expect(answers(signedOut, [{ kind: 'unsure', reason: 'api-unreachable' }]).waits).toEqual([[500]])
  })
})

describe('asking', () => {
  test.each(ANY)('because another tab says so changes nothing else, in %s', (_name, from) => {
    const { state, effects } = step(from, { type: 'asked-elsewhere' })
    expect(row(state)).toEqual(row(from))
    expect(state.stamp).toBe(8)
    expect(effects).toEqual(['ask'])
  })

  test('because the host says so sends nothing until it is answered', () => {
    const { state } = step(confirmed, { type: 'refreshed' })
    expect(row(state)).toEqual({ ...row(remembered), sends: 'no' })
    expect(row(answers(state, [{ kind: 'named', user: ana }]).state)).toEqual(row(confirmed))
  })

  test('is of no use to whoever is known', () => {
    expect(step(confirmed, { type: 'hinted' })).toEqual({ state: confirmed, effects: [] })
    for (const from of [start, remembered, { ...confirmed, reason: 'token-refused' } as const]) {
      expect(step(from, { type: 'hinted' }).effects).toEqual(['ask'])
    }
  })
})

test('what an attempt met under an old stamp says nothing', () => {
  for (const news of ['token-refused', 'token-unavailable', 'unauthenticated', 'actor-mismatch', 'accepted'] as const) {
    for (const [, state] of ALL) expect(step(state, attempted(news, { stamp: 6 })).state).toBe(state)
  }
})
