import { describe, expect, test } from '@jest/globals'
import { bookingConfirm, defineAction, leadBulkUpdateStatus, leadUpdateStatus, smsSend, z } from '@org/contracts/client'
import { aLead, anAppointment, anSmsMessage } from '@org/contracts/testing'
import type { TransportAnswer } from '../ports/Transport.js'
import { classifyOutcome, pauseScope } from './classifyOutcome.js'

const KEY = '019bc134-7840-7b4f-b229-a5e4db3e5714'
const anything = defineAction({
  name: 'thing.do',
  path: '/api/things',
  requestSchema: z.unknown(),
  responseSchema: z.unknown(),
  lanes: () => ['thing'],
  overlays: () => [],
  rows: () => [],
  ttlMs: 1_000,
  keyRequired: true,
  partial: true,
  refusals: ['NOT_FOUND', 'ALREADY_CONFIRMED'],
  errorCodes: { QUOTA_SPENT: { status: 422, retryable: false, text: 'Above your quota.' } },
})
const options = { action: anything, key: KEY, requireKeyEcho: true, now: 0 }

function anAnswer(status: number, json: unknown, headers: Record<string, string> = {}): TransportAnswer {
  const all = new Map(Object.entries({ 'idempotency-key': KEY, ...headers }))
  return { kind: 'answer', status, header: (name) => all.get(name.toLowerCase()) ?? null, json }
}
const refusal = (code?: string) => ({ success: false, error: 'no', ...(code === undefined ? {} : { code }) })

describe('an answer is authoritative', () => {
  test.each([
    ['when it is JSON and echoes the key', anAnswer(200, { success: true }), 'success'],
    ['when the echo is quoted', anAnswer(200, { success: true }, { 'idempotency-key': `"${KEY}"` }), 'success'],
    ['not when it is a page', anAnswer(200, undefined), 'transport'],
    ['not when it echoes nothing', anAnswer(200, { success: true }, { 'idempotency-key': '' }), 'transport'],
    ['not when it echoes another key', anAnswer(200, { success: true }, { 'idempotency-key': 'other' }), 'transport'],
  ])('%s', (_rule, answer, kind) => {
    expect(classifyOutcome(answer, options).kind).toBe(kind)
  })

  test('without the echo where the team says so, though its refusals prove nothing about an earlier attempt', () => {
    const own = { ...options, requireKeyEcho: false }
    const noEcho = { 'idempotency-key': '' }
    expect(classifyOutcome(anAnswer(200, {}, noEcho), own)).toMatchObject({ kind: 'success' })
    expect(classifyOutcome(anAnswer(404, refusal('NOT_FOUND'), noEcho), own)).toMatchObject({ kind: 'refused', recorded: false })
  })
})

describe('each status and code', () => {
  test.each<[string, TransportAnswer, object]>([
    ['no network', { kind: 'failure', reason: 'network' }, { kind: 'transport', code: 'OFFLINE', status: null, strike: null }],
    ['no answer in time', { kind: 'failure', reason: 'timeout' }, { kind: 'transport', code: 'TIMEOUT' }],
    ['200', anAnswer(200, {}), { kind: 'success', replayed: false }],
    ['200 replayed', anAnswer(200, {}, { 'idempotent-replayed': 'true' }), { kind: 'success', replayed: true }],
    ['207', anAnswer(207, { success: false }), { kind: 'partial' }],
    ['success false in a 200', anAnswer(200, { success: false }), { kind: 'partial' }],
    ['202', anAnswer(202, {}, { 'retry-after': '5' }), { kind: 'accepted', retryAfterMs: 5_000, unknown: false }],
    ['202 of unknown outcome', anAnswer(202, { code: 'OUTCOME_UNKNOWN' }), { kind: 'accepted', unknown: true }],
    ['408', anAnswer(408, refusal()), { kind: 'transport', strike: null }],
    ['425', anAnswer(425, refusal()), { kind: 'transport', strike: null }],
    ['500', anAnswer(500, refusal('INTERNAL')), { kind: 'transport', strike: 'server', code: 'INTERNAL' }],
    ['502 of a proxy', anAnswer(502, undefined, { 'idempotency-key': '' }), { kind: 'transport', strike: null, code: 'NO_ECHO' }],
    ['504', anAnswer(504, refusal()), { kind: 'transport', strike: 'server' }],
    ['511', anAnswer(511, refusal()), { kind: 'transport' }],
    ['404 of a proxy', anAnswer(404, undefined, { 'idempotency-key': '' }), { kind: 'transport', strike: 'no-echo' }],
    ['404 without a code', anAnswer(404, refusal()), { kind: 'transport', strike: 'server' }],
    ['a code from the future', anAnswer(422, refusal('NEW_RULE')), { kind: 'transport', strike: 'server' }],
    ['400 of an older server', anAnswer(400, refusal('VALIDATION_FAILED'), { 'contracts-version': '0' }), { kind: 'transport' }],
    [
      '400 of this version',
      anAnswer(400, refusal('VALIDATION_FAILED'), { 'contracts-version': '1' }),
      { kind: 'refused', recorded: false },
    ],
    [
      '503 breaker',
      anAnswer(503, refusal('CIRCUIT_BREAKER_OPEN'), { 'retry-after': '30' }),
      { kind: 'pause', code: 'CIRCUIT_BREAKER_OPEN', retryAfterMs: 30_000 },
    ],
    ['503 busy row', anAnswer(503, refusal('ROW_BUSY')), { kind: 'pause', code: 'ROW_BUSY', retryAfterMs: null }],
    ['503', anAnswer(503, refusal('STORE_UNAVAILABLE')), { kind: 'pause', code: 'STORE_UNAVAILABLE' }],
    [
      '429',
      anAnswer(429, { ...refusal('RATE_LIMITED'), retryAfterMs: 1_500 }),
      { kind: 'pause', code: 'RATE_LIMITED', retryAfterMs: 1_500 },
    ],
    ['401', anAnswer(401, refusal('UNAUTHENTICATED')), { kind: 'unauthenticated' }],
    ['403 other actor', anAnswer(403, refusal('ACTOR_MISMATCH')), { kind: 'actor-mismatch' }],
    [
      '409 in progress',
      anAnswer(409, refusal('IDEMPOTENCY_IN_PROGRESS'), { 'retry-after': '1' }),
      { kind: 'in-progress', retryAfterMs: 1_000 },
    ],
    [
      '409 recorded',
      anAnswer(409, refusal('ALREADY_CONFIRMED'), { 'idempotency-outcome': 'recorded' }),
      { kind: 'refused', recorded: true },
    ],
    ['409 not recorded', anAnswer(409, refusal('ALREADY_CONFIRMED')), { kind: 'refused', recorded: false }],
  ])('%s', (_name, answer, expected) => {
    expect(classifyOutcome(answer, options)).toMatchObject(expected)
  })

  test('never by the text: "timed out after 4010 ms" is no 401', () => {
    const answer = anAnswer(500, { success: false, error: 'timed out after 4010 ms' })
    expect(classifyOutcome(answer, options).kind).toBe('transport')
  })
})

describe('a proxy that asks to wait', () => {
  const page = (status: number, retryAfter?: string) =>
    anAnswer(status, undefined, { 'idempotency-key': '', ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }) })

  test.each([503, 429])('with %i is heard, and never counts against the mutation', (status) => {
    expect(classifyOutcome(page(status, '20'), options)).toEqual({
      kind: 'transport',
      status,
      code: 'NO_ECHO',
      strike: null,
      retryAfterMs: 20_000,
    })
  })

  test('a 429 that says nothing of when is a refusal like any other', () => {
    expect(classifyOutcome(page(429), options)).toMatchObject({ strike: 'no-echo', retryAfterMs: null })
  })
})

describe('a refusal is final', () => {
  const body = (code: string | undefined, retryable: boolean | undefined) => ({
    ...refusal(code),
    ...(retryable === undefined ? {} : { retryable }),
  })
  const FINAL = 'refused'
  const RETRIED = 'transport'
  test.each<[status: number, code: string | undefined, retryable: boolean | undefined, kind: string]>([
    [422, 'CREDIT_LIMIT', false, FINAL],
    [422, 'CREDIT_LIMIT', true, RETRIED],
    [422, 'CREDIT_LIMIT', undefined, RETRIED],
    [422, 'QUOTA_SPENT', undefined, FINAL],
    [409, 'STATUS_FINAL', undefined, RETRIED],
    [422, 'constructor', undefined, RETRIED],
    [409, 'ALREADY_CONFIRMED', undefined, FINAL],
    [409, 'ALREADY_CONFIRMED', false, FINAL],
    [409, 'ALREADY_CONFIRMED', true, RETRIED],
    [404, undefined, undefined, RETRIED],
    [404, undefined, false, FINAL],
    [404, 'NOT_FOUND', undefined, FINAL],
    [418, undefined, undefined, RETRIED],
    [500, 'CREDIT_LIMIT', false, RETRIED],
    [408, 'CREDIT_LIMIT', false, RETRIED],
    [302, 'CREDIT_LIMIT', false, RETRIED],
  ])('%i %s with retryable %s: %s', (status, code, retryable, kind) => {
    expect(classifyOutcome(anAnswer(status, body(code, retryable)), options)).toMatchObject({ kind, code: code ?? `HTTP_${status}` })
  })

  test('but not a 400 of an older server, which may not know a field yet', () => {
    const older = { 'contracts-version': '0' }
    expect(classifyOutcome(anAnswer(400, body('VALIDATION_FAILED', false), older), options).kind).toBe(RETRIED)
    expect(classifyOutcome(anAnswer(422, body('CREDIT_LIMIT', false), older), options).kind).toBe(FINAL)
  })

  test('and codes with a rule of their own keep it, whatever is said about them', () => {
    expect(classifyOutcome(anAnswer(403, body('ACTOR_MISMATCH', false)), options).kind).toBe('actor-mismatch')
    expect(classifyOutcome(anAnswer(401, body('NEW_RULE', false)), options).kind).toBe('unauthenticated')
    expect(classifyOutcome(anAnswer(409, body('IDEMPOTENCY_IN_PROGRESS', false)), options).kind).toBe('in-progress')
    expect(classifyOutcome(anAnswer(429, body('QUOTA', false)), options).kind).toBe('pause')
  })
})

test.each([
  [429, 'RATE_LIMITED', 'action'],
  [429, null, 'action'],
  [503, 'CIRCUIT_BREAKER_OPEN', 'action'],
  [503, 'ROW_BUSY', 'own'],
  [503, 'STORE_UNAVAILABLE', 'server'],
  [503, null, 'server'],
])('%i %s is trouble of: %s', (status, code, scope) => {
  expect(pauseScope(status, code)).toBe(scope)
})

describe('a 2xx', () => {
  const recorded = { 'idempotency-outcome': 'recorded' }
  const classified = (action: typeof options.action | object, status: number, json: unknown) =>
    classifyOutcome(anAnswer(status, json, recorded), { ...options, action: action as typeof options.action })
  const guide = { id: 'apt-123', status: 'confirmed', confirmed_at: '2024-01-15T10:30:00Z', confirmed_by: 'user-456' }

  test.each<[string, object, unknown]>([
    ['null', bookingConfirm, null],
    ['a list', bookingConfirm, []],
    ['a text', bookingConfirm, 'ok'],
    ['no row', bookingConfirm, { success: true }],
    ['a row without id', bookingConfirm, { success: true, appointment: { ...guide, id: undefined } }],
    ['an id that is no text', leadUpdateStatus, { success: true, lead: { ...aLead(), id: 7 } }],
    ['a version that is no number', leadUpdateStatus, { success: true, lead: { ...aLead(), version: '3' } }],
    ['no word of success', smsSend, { sms: anSmsMessage() }],
    ['counts that are none', leadBulkUpdateStatus, { success: true, updated: '3', failed: 0 }],
    ['success false of an action that is done whole or not', leadUpdateStatus, { success: false, code: 'STORE_UNAVAILABLE', error: 'x' }],
  ])('with %s is no success by itself, though it is recorded', (what, action, json) => {
    // What says itself that it failed is not called done by being recorded.
    const recorded = !what.startsWith('success false')
    expect(classified(action, 200, json)).toEqual({ kind: 'unreadable', status: 200, code: 'ANSWER_INVALID', recorded })
  })

  test.each<[string, object, unknown]>([
    ["the guide's appointment", bookingConfirm, { success: true, appointment: guide }],
    ['an appointment of ours', bookingConfirm, { success: true, appointment: anAppointment() }],
    [
      "the guide's SMS",
      smsSend,
      { success: true, sms: { id: 'sms-789', leadId: 'lead-123', message: 'Hi', status: 'pending', sentAt: '2024-01-15T10:30:00Z' } },
    ],
    [
      "the guide's lead",
      leadUpdateStatus,
      { success: true, lead: { id: 'lead-123', status: 'qualified', status_changed_at: '2024-01-15T10:30:00Z' } },
    ],
    [
      'a mapped row with columns of its own',
      leadUpdateStatus,
      { success: true, lead: { id: '17', version: 4, stage: 3, full_name: null, status: 2 } },
    ],
    ["a status of a team's own", leadUpdateStatus, { success: true, lead: aLead({ status: 'archived' }) }],
    ["the guide's bulk answer", leadBulkUpdateStatus, { success: true, updated: 3, failed: 0, message: '3 leads updated to qualified' }],
  ])('with %s is a success', (_what, action, json) => {
    expect(classified(action, 200, json).kind).toBe('success')
  })

  test("with the guide's partial body is partial, for an action that may be", () => {
    const body = { success: false, updated: 2, failed: 1, message: '2 leads updated, 1 failed (not found)' }
    expect(classified(leadBulkUpdateStatus, 207, body).kind).toBe('partial')
    expect(classified(leadBulkUpdateStatus, 200, body).kind).toBe('partial')
  })
})
