import { describe, expect, test } from '@jest/globals'
import type { Answer, AttemptNews, IdentityEffect, IdentityEvent } from './IdentityEvent.js'
import { type IdentityState, mayStateSend, type Present, present, showsRows, userOf } from './IdentityState.js'
import { scopeName } from './scopeName.js'
import { AT_START, transition } from './transition.js'

const ana = { actor: 'ana', tenant: 'org-1' }
const ben = { actor: 'ben', tenant: 'org-1' }
const start: IdentityState = { ...AT_START, stamp: 7 }
const remembered = present('remembered', ana, { stamp: 6 })
const confirmed = present('confirmed', ana, { stamp: 6 })
const signedOut: IdentityState = { is: 'signed-out', isByUs: false, reason: null, stamp: 7, tries: 0 }
const left: IdentityState = { ...signedOut, isByUs: true }
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
const kinds = (effects: readonly IdentityEffect[]) => effects.map((effect) => (effect.type === 'wait' ? effect.ms : effect.type))

/** Lets each answer come to the present question; says what was waited for in between. */
function answers(state: IdentityState, list: readonly Answer[]) {
  const waits: unknown[] = []
  let now = state
  for (const answer of list) {
    const next = transition(now, answered(answer, now.stamp))
    waits.push(kinds(next.effects))
    now = next.state
  }
  return { state: now, waits }
}

describe('the start', () => {
  test('with a user remembered for this tab or the origin: of that user, nothing is sent until there is evidence', () => {
    const { state, effects } = transition(AT_START, { type: 'started', user: ana })
    expect(row(state)).toEqual({ is: 'remembered', reason: null, sends: 'no', rows: true })
    expect(userOf(state)).toEqual(ana)
    expect(kinds(effects)).toEqual(['ask'])
  })

  test('with nobody remembered: loading', () => {
    const { state, effects } = transition(AT_START, { type: 'started', user: null })
    expect(row(state)).toEqual({ is: 'loading', reason: null, sends: 'no', rows: false })
    expect(kinds(effects)).toEqual(['ask'])
  })
})

describe('an answer that names someone', () => {
  test.each(['start', 'remembered', 'signedOut', 'confirmed'] as const)('confirms from %s', (from) => {
    const { state } = transition(KNOWN[from], named())
    expect(row(state)).toEqual({ is: 'confirmed', reason: null, sends: 'yes', rows: true })
    expect(userOf(state)).toEqual(ana)
  })

  test('is remembered, and other tabs are told to ask when it is another user than before', () => {
    expect(kinds(transition(remembered, named()).effects)).toEqual(['remember'])
    for (const from of [start, remembered, confirmed, signedOut]) {
      const { state, effects } = transition(from, named(ben))
      expect(userOf(state)).toEqual(ben)
      expect(kinds(effects)).toEqual(['remember', 'tell-ask'])
    }
  })

  test.each(ALL)('is ignored when its stamp is old, in %s', (_name, state) => {
    for (const stamp of [0, 6, 8]) expect(transition(state, answered({ kind: 'named', user: ben }, stamp))).toEqual({ state, effects: [] })
  })

  test('signs nobody in who was signed out by us', () => {
    expect(transition(left, named())).toEqual({ state: left, effects: [] })
  })
})

describe('401', () => {
  test.each(ANY)('with a token that was given, and its renewal refused too: signed out, in %s', (_name, from) => {
    const { state, effects } = transition(from, answered(nobody(true)))
    expect(row(state)).toEqual({ is: 'signed-out', reason: 'token-refused', sends: 'no', rows: false })
    expect(kinds(effects)).toEqual(from.is === 'loading' ? [30_000] : ['forget', 'tell-ask', 30_000])
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
      const refused = transition(state, attempted('unauthenticated', { stamp: state.stamp }))
      expect(row(refused.state)).toEqual({ is: 'confirmed', reason: 'token-refused', sends: 'no', rows: true })
      waits.push(...kinds(refused.effects))
      state = transition(refused.state, answered({ kind: 'named', user: ana }, refused.state.stamp)).state
      expect(row(state)).toEqual({ is: 'confirmed', reason: 'token-refused', sends: 'probe', rows: true })
    }
    expect(waits).toEqual(['ask', 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
    expect(row(transition(state, attempted('accepted', { stamp: state.stamp })).state)).toEqual(row(confirmed))
  })
})

test('a 401 that nothing was left to be tried with is withdrawn by a session that goes on naming the user', () => {
  const { state, waits } = answers(transition(confirmed, attempted('unauthenticated')).state, [{ kind: 'named', user: ana }])
  expect([row(state).sends, waits]).toEqual(['probe', [[30_000]]])
  expect(row(answers(state, [{ kind: 'named', user: ana }]).state)).toEqual(row(confirmed))
})

describe('the token function', () => {
  test.each(ANY)('gives null: the same state, asked again at 1, 3, 6 and 10 s, the last time without a token, in %s', (_name, from) => {
    const { state, waits } = answers(
      from,
      Array.from({ length: 4 }, (): Answer => ({ kind: 'no-token' })),
    )
    expect(waits).toEqual([[1_000], [2_000], [3_000], [4_000]])
    expect(row(state)).toEqual({ is: from.is, reason: 'token-refused', sends: 'no', rows: from.is !== 'loading' })
    expect(transition(from, { type: 'due', stamp: 7 }).effects).toEqual([{ type: 'ask', isLast: false }])
    expect(transition(state, { type: 'due', stamp: state.stamp }).effects).toEqual([{ type: 'ask', isLast: true }])
    expect(row(transition(state, answered(nobody(true), state.stamp)).state).is).toBe('signed-out')
  })

  test('gives null to a mutation: the same', () => {
    const { state, effects } = transition(confirmed, attempted('no-token'))
    expect(row(state)).toEqual({ is: 'confirmed', reason: 'token-refused', sends: 'no', rows: true })
    expect(kinds(effects)).toEqual([1_000])
    expect(answers(state, [{ kind: 'no-token' }]).waits).toEqual([[2_000]])
  })

  test.each(ANY)('throws or hangs: the same state, not known, asked again every few seconds, in %s', (_name, from) => {
    const unavailable: Answer = { kind: 'token-unavailable', detail: '' }
    const { state, waits } = answers(from, [unavailable, unavailable, unavailable, unavailable, unavailable])
    expect(waits).toEqual([[1_000], [2_000], [4_000], [5_000], [5_000]])
    expect(row(state)).toEqual({ is: from.is, reason: 'token-unavailable', sends: 'no', rows: from.is !== 'loading' })
    expect(row(transition(confirmed, attempted('token-unavailable')).state)).toEqual({
      ...row(confirmed),
      reason: 'token-unavailable',
      sends: 'no',
    })
  })
})

describe('no answer', () => {
  test.each([
    ['unreachable', 'api-unreachable'],
    ['misconfigured', 'api-misconfigured'],
  ] as const)('%s: the same state, %s, asked again', (kind, reason) => {
    for (const [, from] of ANY) {
      const { state, waits } = answers(
        from,
        Array.from({ length: 25 }, (): Answer => ({ kind, detail: '' })),
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
  const differs = transition(confirmed, attempted('actor-mismatch'))

  test('speaks about identity: nothing is sent or shown, and it is asked at once', () => {
    expect(row(differs.state)).toEqual({ is: 'remembered', reason: 'actor-differs', sends: 'no', rows: false })
    expect(kinds(differs.effects)).toEqual(['ask'])
  })

  test('where the host names the user: asked after 1 … 30 s', () => {
    let state: IdentityState = confirmed
    const waits: unknown[] = []
    for (let round = 0; round < 7; round++) {
      const next = transition(state, attempted('actor-mismatch', { stamp: state.stamp, asksHost: true }))
      waits.push(...kinds(next.effects))
      state = transition(next.state, answered({ kind: 'named', user: ana }, next.state.stamp)).state
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  })

  test('the same user named again: one probe, and confirmed only when that was accepted', () => {
    const again = transition(differs.state, named(ana))
    const { stamp } = differs.state
    const state = transition(differs.state, answered({ kind: 'named', user: ana }, stamp)).state
    expect(again.state).toBe(differs.state)
    expect(row(state)).toEqual({ is: 'remembered', reason: 'actor-differs', sends: 'probe', rows: true })
    expect(transition(state, attempted('accepted', { stamp })).state).toBe(state)
    const accepted = transition(state, attempted('accepted', { stamp: state.stamp }))
    expect(row(accepted.state)).toEqual(row(confirmed))
    expect((accepted.state as Present).doubts).toBe(0)
  })

  test('a lost network in between does not make it certain', () => {
    const { state } = answers(differs.state, [
      { kind: 'unreachable', detail: '' },
      { kind: 'named', user: ana },
    ])
    expect(row(state)).toEqual({ is: 'remembered', reason: 'actor-differs', sends: 'probe', rows: true })
  })

  test('of several requests at once counts once', () => {
    expect(transition(differs.state, attempted('actor-mismatch')).state).toBe(differs.state)
  })
})

describe('a page that was away', () => {
  test('restored: remembered, hidden until it is known', () => {
    const { state, effects } = transition(confirmed, { type: 'restored', isOnline: true })
    expect(row(state)).toEqual({ is: 'remembered', reason: null, sends: 'no', rows: false })
    expect(kinds(effects)).toEqual(['ask'])
    expect(answers(state, [{ kind: 'named', user: ana }]).state).toMatchObject({ is: 'confirmed', isHidden: false })
    expect(showsRows(answers(state, [{ kind: 'unreachable', detail: '' }]).state)).toBe(true)
    expect(showsRows(answers(state, [{ kind: 'token-unavailable', detail: '' }]).state)).toBe(false)
    expect(showsRows(transition(confirmed, { type: 'restored', isOnline: false }).state)).toBe(true)
  })

  test('visible after half a minute: remembered, rows kept', () => {
    const { state, effects } = transition(confirmed, { type: 'seen-again' })
    expect(row(state)).toEqual({ is: 'remembered', reason: null, sends: 'no', rows: true })
    expect(kinds(effects)).toEqual(['ask'])
  })

  test('a probe that was allowed before is not any more', () => {
    const doubtful: Present = { ...remembered, doubt: 'actor-differs', reason: 'actor-differs', mayProbe: true }
    for (const event of [
      { type: 'restored', isOnline: true },
      { type: 'seen-again' },
      { type: 'refreshed' },
      { type: 'asked-elsewhere' },
    ] as const) {
      expect(mayStateSend(transition(doubtful, event).state)).toBe('no')
    }
  })
})

describe('signing out', () => {
  test.each(ANY)('here: nobody, and the tabs of that user are told, in %s', (_name, from) => {
    const { state, effects } = transition(from, { type: 'signed-out', user: null })
    expect(state).toEqual({ ...left, stamp: 8 })
    expect(effects).toEqual(
      from.is === 'loading'
        ? []
        : [
            { type: 'forget', user: ana },
            { type: 'tell-signed-out', user: ana },
          ],
    )
  })

  test('of somebody who is not here any more leaves whoever is', () => {
    expect(transition(confirmed, { type: 'signed-out', user: ben }).state).toBe(confirmed)
  })

  test('in another tab, of this user: the same, and nobody is told again', () => {
    const { state, effects } = transition(confirmed, { type: 'signed-out-elsewhere', scope: scopeName(ana) })
    expect(state).toEqual({ ...left, stamp: 8 })
    expect(kinds(effects)).toEqual(['forget'])
  })

  test.each(ALL)('in another tab, of another user: ignored, in %s', (_name, from) => {
    expect(transition(from, { type: 'signed-out-elsewhere', scope: scopeName(ben) })).toEqual({ state: from, effects: [] })
  })

  const HINTS: IdentityEvent[] = [
    { type: 'hinted' },
    { type: 'seen-again' },
    { type: 'restored', isOnline: true },
    { type: 'asked-elsewhere' },
    { type: 'due', stamp: 7 },
    named(),
    attempted('accepted'),
  ]
  test.each(HINTS)('by us ends by no hint, timer, message or answer: %j', (event) => {
    expect(transition(left, event)).toEqual({ state: left, effects: [] })
  })

  test.each(['refreshed', 'token-returned'] as const)('by us ends by %s', (type) => {
    const { state, effects } = transition(left, { type })
    expect(kinds(effects)).toEqual(['ask'])
    expect(row(transition(state, answered({ kind: 'named', user: ana }, state.stamp)).state)).toEqual(row(confirmed))
  })

  test('by itself: asked on hints, and every 30 s for ten minutes; sooner while whoever signs in waits for a server', () => {
    expect(kinds(transition(signedOut, { type: 'hinted' }).effects)).toEqual(['ask'])
    const { waits } = answers(
      signedOut,
      Array.from({ length: 20 }, () => nobody(false)),
    )
    expect(waits).toEqual([...Array.from({ length: 19 }, () => [30_000]), []])
    expect(answers(signedOut, [{ kind: 'unreachable', detail: '' }]).waits).toEqual([[500]])
  })
})

describe('asking', () => {
  test.each(ANY)('because another tab says so changes nothing else, in %s', (_name, from) => {
    const { state, effects } = transition(from, { type: 'asked-elsewhere' })
    expect(row(state)).toEqual(row(from))
    expect(state.stamp).toBe(8)
    expect(kinds(effects)).toEqual(['ask'])
  })

  test('because the host says so sends nothing until it is answered', () => {
    const { state } = transition(confirmed, { type: 'refreshed' })
    expect(row(state)).toEqual({ ...row(confirmed), sends: 'no' })
    expect(row(answers(state, [{ kind: 'named', user: ana }]).state)).toEqual(row(confirmed))
  })

  test('is of no use to whoever is known', () => {
    expect(transition(confirmed, { type: 'hinted' })).toEqual({ state: confirmed, effects: [] })
    for (const from of [start, remembered, { ...confirmed, reason: 'token-refused' } as const]) {
      expect(kinds(transition(from, { type: 'hinted' }).effects)).toEqual(['ask'])
    }
  })
})

test('what an attempt met under an old stamp says nothing', () => {
  for (const news of ['no-token', 'token-unavailable', 'unauthenticated', 'actor-mismatch', 'accepted'] as const) {
    for (const [, state] of ALL) expect(transition(state, attempted(news, { stamp: 6 })).state).toBe(state)
  }
})
