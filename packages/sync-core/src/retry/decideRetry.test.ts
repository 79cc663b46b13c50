import { describe, expect, test } from '@jest/globals'
import { aMutation } from '../testing/aMutation.js'
import { fakeRandom } from '../testing/fakeRandom.js'
import type { Outcome } from './classifyOutcome.js'
import { decideRetry, decideUnread } from './decideRetry.js'

const options = { now: 100_000, random: fakeRandom(), othersSucceededAt: null }
const sent = aMutation({ state: 'sending', attempts: 1 })
const refused = (code: string, recorded = false): Outcome => ({ kind: 'refused', status: 409, code, body: { error: 'no' }, recorded })
const transport = (strike: 'server' | 'no-echo' | null): Outcome => ({
  kind: 'transport',
  status: 500,
  code: 'INTERNAL',
  strike,
  retryAfterMs: null,
})

describe('a refusal', () => {
  test.each<[string, Partial<typeof sent>, Outcome, object]>([
    [
      'settles a first attempt',
      {},
      refused('NOT_FOUND'),
      { next: 'settle', proven: false, result: { outcome: 'rejected', code: 'NOT_FOUND' } },
    ],
    ['that is recorded settles an ambiguous one', { ambiguous: true }, refused('NOT_FOUND', true), { next: 'settle', proven: true }],
    ['that is not recorded leads an ambiguous one to the question', { ambiguous: true }, refused('NOT_FOUND'), { next: 'resolve' }],
    ['of an old version is a conflict', {}, refused('VERSION_CONFLICT'), { result: { outcome: 'conflict' } }],
    ['of an expired click was not executed', {}, refused('ACTION_EXPIRED', true), { result: { outcome: 'not-executed' } }],
    ['of an abandoned key was not executed', {}, refused('ACTION_ABANDONED', true), { result: { outcome: 'not-executed' } }],
    [
      'as unknown means expired where nothing was ever sent before',
      {},
      refused('OUTCOME_UNKNOWN'),
      { result: { outcome: 'not-executed' } },
    ],
    [
      'as unknown stays unknown after an attempt that may have arrived',
      { ambiguous: true },
      refused('OUTCOME_UNKNOWN'),
      { next: 'unknown' },
    ],
  ])('%s', (_rule, fields, outcome, expected) => {
    expect(decideRetry({ ...sent, ...fields }, outcome, options)).toMatchObject(expected)
  })
})

describe('what may have arrived', () => {
  test('is ambiguous after no answer, and stays it', () => {
    expect(decideRetry(sent, transport(null), options)).toMatchObject({ next: 'retry', ambiguous: true })
    const busy: Outcome = { kind: 'pause', status: 503, code: 'ROW_BUSY', retryAfterMs: null }
    expect(decideRetry(sent, busy, options)).toMatchObject({ next: 'retry', ambiguous: false })
    expect(decideRetry({ ...sent, ambiguous: true }, busy, options)).toMatchObject({ ambiguous: true })
  })

  test('is ambiguous while the same key is in progress elsewhere', () => {
    expect(
      decideRetry(sent, { kind: 'in-progress', status: 409, code: 'IDEMPOTENCY_IN_PROGRESS', retryAfterMs: 1_000 }, options),
    ).toMatchObject({
      next: 'retry',
      ambiguous: true,
    })
  })
})

describe('strikes', () => {
  test('the tenth echoed 5xx in a row leaves it to a person, the ninth does not', () => {
    const after = (server: number) => decideRetry({ ...sent, strikes: { server, noEcho: 0, since: 0 } }, transport('server'), options)
    expect(after(8)).toMatchObject({ next: 'retry', strikes: { server: 9 } })
    expect(after(9)).toMatchObject({ next: 'block' })
  })

  test('a lost connection in between neither adds to the row nor ends it', () => {
    const strikes = { server: 4, noEcho: 0, since: 0 }
    expect(decideRetry({ ...sent, strikes }, transport(null), options)).toMatchObject({ strikes })
  })

  test('three 4xx without echo leave it to a person only when other requests got through since the first', () => {
    const third = { ...sent, strikes: { server: 0, noEcho: 2, since: 50_000 } }
    expect(decideRetry(third, transport('no-echo'), options)).toMatchObject({ next: 'retry' })
    expect(decideRetry(third, transport('no-echo'), { ...options, othersSucceededAt: 49_000 })).toMatchObject({ next: 'retry' })
    expect(decideRetry(third, transport('no-echo'), { ...options, othersSucceededAt: 60_000 })).toMatchObject({ next: 'block' })
  })
})

describe('what is blocked', () => {
  const probe = { ...sent, probes: 2, ambiguous: true, strikes: { server: 0, noEcho: 3, since: 0 } }
  test.each(['no-echo', 'server', null] as const)('stays so after %s, whatever others came to', (strike) => {
    expect(decideRetry(probe, transport(strike), options)).toMatchObject({ next: 'block' })
  })

  test('is queued again when the server itself says when to come', () => {
    const busy: Outcome = { kind: 'pause', status: 503, code: 'STORE_UNAVAILABLE', retryAfterMs: null }
    expect(decideRetry(probe, busy, options)).toMatchObject({ next: 'retry', ambiguous: true, strikes: { noEcho: 0 } })
  })
})

test('a 401 is due again at once, for when there is a token', () => {
  expect(decideRetry(sent, { kind: 'unauthenticated', status: 401, code: 'UNAUTHENTICATED' }, options)).toMatchObject({
    next: 'retry',
    at: null,
  })
})

test('202 waits as long as the server says, and is unknown when the server says so', () => {
  const accepted = { kind: 'accepted', status: 202, code: null, body: null, retryAfterMs: 5_000, unknown: false } as const
  const decision = decideRetry(sent, accepted, options)
  expect(decision).toMatchObject({ next: 'wait' })
  expect('at' in decision && decision.at).toBeGreaterThanOrEqual(105_000)
  expect(decideRetry(sent, { ...accepted, unknown: true }, options)).toMatchObject({ next: 'unknown', error: { code: 'OUTCOME_UNKNOWN' } })
})

test('another signed-in user is no fault of the mutation: it is queued again without a strike', () => {
  const strikes = { server: 2, noEcho: 0, since: 0 }
  const mismatch: Outcome = { kind: 'actor-mismatch', status: 403, code: 'ACTOR_MISMATCH' }
  const decision = decideRetry({ ...sent, strikes }, mismatch, options)
  expect(decision).toMatchObject({ next: 'retry', ambiguous: false, error: { code: 'ACTOR_MISMATCH' } })
  expect('strikes' in decision && decision.strikes.server).toBeLessThanOrEqual(2)
  expect('at' in decision && decision.at).toBeGreaterThan(options.now)
})

describe('whoever asks to wait is obeyed, and raises the backoff without ever lowering it', () => {
  const low = { ...options, random: { uniform: () => 0, bytes: fakeRandom().bytes } }
  const tenth = { ...sent, attempts: 10 }
  const asking: Record<string, (retryAfterMs: number | null) => Outcome> = {
    'a 503': (retryAfterMs) => ({ kind: 'pause', status: 503, code: 'STORE_UNAVAILABLE', retryAfterMs }),
    'a 429': (retryAfterMs) => ({ kind: 'pause', status: 429, code: 'RATE_LIMITED', retryAfterMs }),
    'a proxy': (retryAfterMs) => ({ kind: 'transport', status: 503, code: 'NO_ECHO', strike: null, retryAfterMs }),
    'a 500': (retryAfterMs) => ({ kind: 'transport', status: 500, code: 'INTERNAL', strike: 'server', retryAfterMs }),
    'a key in progress': (retryAfterMs) => ({ kind: 'in-progress', status: 409, code: 'IDEMPOTENCY_IN_PROGRESS', retryAfterMs }),
  }
  test.each(Object.entries(asking))('%s', (_name, outcome) => {
    const waitOf = (record: typeof sent, retryAfterMs: number | null) => {
      const decision = decideRetry(record, outcome(retryAfterMs), low)
      return 'at' in decision ? decision.at! - options.now : undefined
    }
    expect(waitOf(sent, 20_000)).toBe(20_000)
    expect(waitOf(sent, 1)).toBeGreaterThanOrEqual(100)
    expect(waitOf(tenth, 1)).toBe(6_000)
    expect(waitOf(tenth, null)).toBe(6_000)
    expect(waitOf(tenth, 20_000)).toBe(20_000)
  })

  test('202 as well, but what the server has taken over is no failure: it is asked after as often as the server says', () => {
    const accepted = (retryAfterMs: number | null): Outcome => ({ kind: 'accepted', status: 202, code: null, retryAfterMs, unknown: false })
    const waitOf = (attempts: number, retryAfterMs: number | null) => {
      const decision = decideRetry({ ...sent, attempts }, accepted(retryAfterMs), low)
      return 'at' in decision ? decision.at! - options.now : undefined
    }
    expect([waitOf(1, 1), waitOf(50, 1)]).toEqual([100, 6_000])
    expect([waitOf(1, 1_000), waitOf(50, 1_000)]).toEqual([1_000, 1_000])
    expect(waitOf(50, 5_000)).toBe(5_000)
    expect([waitOf(1, null), waitOf(50, null)]).toEqual([2_000, 6_000])
  })
})

describe('an answer that cannot be read', () => {
  const unreadable = (recorded: boolean): Outcome => ({ kind: 'unreadable', status: 200, code: 'ANSWER_INVALID', recorded })
  const before = { kind: 'unreadable', status: 200, code: 'ANSWER_INVALID', at: 0 }
  const again = { ...sent, lastError: before, strikes: { server: 1, noEcho: 0, since: 0 } }

  test('is asked for again at first, whoever recorded it, and may have taken effect', () => {
    expect(decideRetry(sent, unreadable(true), options)).toMatchObject({ next: 'retry', ambiguous: true, strikes: { server: 1 } })
  })

  test('is done when the ledger holds it and it still cannot be read', () => {
    const result = { outcome: 'success', code: 'ANSWER_INVALID', status: 200, body: null }
    expect(decideRetry(again, unreadable(true), options)).toMatchObject({ next: 'settle', proven: true, result })
  })

  test('is looked up in the ledger every second time where nothing says that it is recorded', () => {
    expect(decideRetry(again, unreadable(false), options)).toMatchObject({ next: 'resolve', why: 'unread', strikes: { server: 2 } })
    const third = { ...again, strikes: { server: 2, noEcho: 0, since: 0 } }
    expect(decideRetry(third, unreadable(false), options)).toMatchObject({ next: 'retry', strikes: { server: 3 } })
  })

  test('after the tenth time becomes a probe that asks the ledger in turn', () => {
    const tenth = { ...again, strikes: { server: 9, noEcho: 0, since: 0 } }
    expect(decideRetry(tenth, unreadable(false), options)).toMatchObject({ next: 'block', ask: 'unread' })
    expect(decideRetry({ ...again, probes: 3 }, unreadable(false), options)).toMatchObject({ next: 'block', ask: 'unread' })
  })

  test('stays as it was where the ledger tells nothing', () => {
    expect(decideUnread(again, options)).toMatchObject({ next: 'retry', strikes: again.strikes, error: { code: 'ANSWER_INVALID' } })
    const probe = decideUnread({ ...again, probes: 3 }, options)
    expect(probe).toMatchObject({ next: 'block' })
    expect(probe).not.toHaveProperty('ask')
  })
})
