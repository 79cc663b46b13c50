import { describe, expect, test } from '@jest/globals'
import { bookingConfirm, idempotencyKeySchema, leadBulkUpdateStatus } from '@org/contracts'
import fc from 'fast-check'
import { aBulk, aMutation } from '../testing/aMutation.js'
import { fakeClock } from '../testing/fakeClock.js'
import { fakeRandom } from '../testing/fakeRandom.js'
import { createMutation } from './createMutation.js'
import { parseRecord } from './MutationRecord.js'
import { attemptsOf } from './mutationState.js'
import { sameRequest } from './sameRequest.js'
import {
  accepted,
  blocked,
  buried,
  claimed,
  dismissed,
  leftOpen,
  questioned,
  recovered,
  retried,
  revived,
  seen,
  settled,
  unclaimed,
} from './transitions.js'
import { uuidv7 } from './uuidv7.js'

const context = { clock: fakeClock(), random: fakeRandom(), actor: 'user-456', tenant: 'org-1', tabId: 'tab-1' }

describe('the key', () => {
  test('is a UUIDv7 that the contract accepts and that sorts by time', () => {
    const clock = fakeClock(Date.UTC(2026, 0, 1))
    const random = fakeRandom()
    const early = uuidv7(clock, random)
    clock.step(5)
    const late = uuidv7(clock, random)
    expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(idempotencyKeySchema.safeParse(early).success).toBe(true)
    expect(Number.parseInt(early.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.UTC(2026, 0, 1))
    expect([late, early].sort()).toEqual([early, late])
  })

  test('never repeats within one millisecond', () => {
    const random = fakeRandom(7)
    const keys = Array.from({ length: 5_000 }, () => uuidv7(context.clock, random))
    expect(new Set(keys).size).toBe(5_000)
  })
})

describe('a new mutation', () => {
  test('is queued under its own key with lanes, actor and tenant, and is readable from storage', () => {
    const [record, ...others] = createMutation(bookingConfirm, { appointmentId: 'apt-123' }, {}, context)
    expect(others).toEqual([])
    expect(record).toMatchObject({
      state: 'queued',
      lanes: ['appointment:apt-123'],
      actor: 'user-456',
      tenant: 'org-1',
      attempts: 0,
      seq: null,
    })
    expect(parseRecord(structuredClone(record))).toEqual({ kind: 'record', record })
  })

  test('takes an explicit version as the one that was seen', () => {
    const [record] = createMutation(bookingConfirm, { appointmentId: 'apt-123', expectedVersion: 4 }, {}, context)
    expect(record).toMatchObject({ seenVersion: 4, request: { appointmentId: 'apt-123' } })
  })

  test('of many leads is a parent with children of 200, keys derived', () => {
    const leadIds = Array.from({ length: 401 }, (_, index) => `lead-${index}`)
    const [parent, ...children] = createMutation(leadBulkUpdateStatus, { leadIds, status: 'contacted' }, {}, context)
    expect(parent.children).toBe(3)
    expect(children.map(({ id, lanes }) => [id, lanes.length])).toEqual([
      [`${parent.id}_0001`, 200],
      [`${parent.id}_0002`, 200],
      [`${parent.id}_0003`, 1],
    ])
    expect(children.every(({ id }) => idempotencyKeySchema.safeParse(id).success)).toBe(true)
  })

  test.each([
    [{ expiresAfterMs: 0 }, 'expiresAfterMs must be above 0, received 0'],
    [{ maxAttempts: 1.5 }, 'maxAttempts must be an integer of at least 1, received 1.5'],
  ])('refuses %j', (options, message) => {
    expect(() => createMutation(bookingConfirm, { appointmentId: 'apt-123' }, options, context)).toThrow(message)
  })
})

describe('a step', () => {
  const lastError = { kind: 'transport', status: null, code: 'OFFLINE', at: 0 }
  const result = { outcome: 'success', status: 200, code: null, body: null, replayed: false, at: 0 } as const
  const sending = claimed(aMutation(), { sender: 'tab-1', sendingAt: 5 })
  const following = {
    claimed: sending,
    unclaimed: unclaimed(sending),
    recovered: recovered(sending),
    retried: retried(sending, { at: 9, ambiguous: true, error: lastError, strikes: sending.strikes }, true),
    accepted: accepted(sending, 9, true),
    'asked again': claimed(accepted(sending, 9, true), { sender: 'tab-1', sendingAt: 9 }),
    questioned: questioned(sending, { why: 'refused', error: lastError, strikes: sending.strikes }),
    blocked: blocked(sending, { error: lastError, strikes: sending.strikes }),
    'blocked once more': blocked({ ...sending, probes: 3 }, { error: lastError, strikes: sending.strikes }),
    'a probe given back': unclaimed({ ...sending, probes: 3 }),
    unknown: leftOpen(sending, { lastError }),
    settled: settled(sending, { result, notifiedAt: 7 }),
    buried: buried(sending, { result }),
    seen: seen(aMutation({ state: 'dead' })),
    revived: revived(leftOpen(sending, { lastError, notifiedAt: 7 })),
    dismissed: dismissed(leftOpen(sending, { lastError })),
  }

  test.each(Object.entries(following))('leads to a record that holds what is true then, and is newer: %s', (_step, record) => {
    expect(parseRecord(structuredClone(record))).toEqual({ kind: 'record', record })
    const ofItsState = Object.keys(aMutation({ state: record.state }))
    const optional = ['resolving', 'notifiedAt', 'dismissed', 'expectedVersion', 'circuitToldAt', 'ackedVersions']
    expect(Object.keys(record).filter((field) => !ofItsState.includes(field) && !optional.includes(field))).toEqual([])
    expect(record.rev).toBeGreaterThan(1)
  })

  test('forgets what was true in the former state alone', () => {
    expect(following.unclaimed).not.toHaveProperty('sender')
    expect(following.settled).not.toHaveProperty('sendingAt')
    expect(following.revived).toMatchObject({ resolving: 'retry', ambiguous: true })
    expect(following.revived).not.toHaveProperty('notifiedAt')
  })

  test('counts attempts, but not those that only ask or that were never made', () => {
    expect(attemptsOf(sending)).toBe(1)
    expect(attemptsOf(following.unclaimed)).toBe(0)
    expect(attemptsOf(following['asked again'])).toBe(1)
    expect(unclaimed(following['asked again'])).toMatchObject({ state: 'waiting', accepted: { untried: true, polls: 0 } })
  })
})

describe('stored entries', () => {
  test.each([
    [{ v: 2, id: 'x' }, 'newer'],
    [{ v: 1, id: 'x' }, 'unreadable'],
    ['text', 'unreadable'],
    [null, 'unreadable'],
    [{ ...aMutation(), state: 'nonsense' }, 'unreadable'],
    [{ ...aMutation(), sender: undefined, state: 'sending' }, 'unreadable'],
    [{ ...aBulk(), children: 'many' }, 'unreadable'],
    [aBulk(), 'record'],
    [{ ...aMutation(), fieldOfALaterMinor: true }, 'record'],
  ])('%j is %s', (value, kind) => {
    expect(parseRecord(value).kind).toBe(kind)
  })
})

test('two requests are the same when their JSON is, in whatever order', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
      const canonical = (value: unknown): unknown =>
        Array.isArray(value)
          ? value.map(canonical)
          : typeof value === 'object' && value !== null
            ? Object.fromEntries(
                Object.entries(value)
                  .sort(([a], [b]) => (a < b ? -1 : 1))
                  .map(([key, inner]) => [key, canonical(inner)]),
              )
            : Object.is(value, -0)
              ? 0
              : value
      const isSame = JSON.stringify(canonical(left)) === JSON.stringify(canonical(right))
      return sameRequest(canonical(left), canonical(right)) === isSame && sameRequest(left, structuredClone(left))
    }),
    { seed: 1 },
  )
  expect(sameRequest({ a: 1, b: undefined }, { a: 1 })).toBe(true)
  expect(sameRequest([1], { 0: 1 })).toBe(false)
})
