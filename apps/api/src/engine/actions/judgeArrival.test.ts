import { describe, expect, it } from '@jest/globals'
import type { AnyAction } from '@org/contracts'
import { bookingConfirm, leadUpdateStatus, parseIdempotencyKey } from '@org/contracts'
import { type ActionRouteOptions, actionRoute } from './ActionRoute.js'
import type { Arrival } from './arrival.js'
import { judgeArrival } from './judgeArrival.js'
import type { MutationHeaders } from './mutationHeaders.js'

const KEY = parseIdempotencyKey('0198f3a0-0000-7000-8000-000000000001')

function anArrival(
  fields: Partial<Omit<Arrival, 'headers' | 'route'>> & {
    headers?: Partial<MutationHeaders>
    action?: AnyAction
    options?: ActionRouteOptions
  } = {},
): Arrival {
  const { headers, action = bookingConfirm as AnyAction, options = {}, ...rest } = fields
  return {
    route: actionRoute(action, () => Promise.reject(new Error('not run here')), options),
    caller: { actor: 'user-456', tenant: 'org-1' },
    headers: {
      key: KEY,
      createdAtMs: null,
      ageMs: null,
      expiresAfterMs: null,
      isFirstAttempt: false,
      actor: null,
      refusal: null,
      ...headers,
    },
    fingerprint: 'v1:fingerprint',
    params: {},
    body: { appointmentId: 'apt-123' },
    bodyRefusal: null,
    ...rest,
  }
}

function codeOf(arrival: Arrival): string {
  const judgement = judgeArrival(arrival)
  return 'refusal' in judgement ? judgement.refusal.code : 'CALL'
}

describe('judging an arrival', () => {
  it('makes the call the database gets', () => {
    expect(judgeArrival(anArrival({ headers: { createdAtMs: 1_000, ageMs: 50 } }))).toEqual({
      call: {
        caller: { actor: 'user-456', tenant: 'org-1' },
        actionName: 'booking.confirm',
        errorCodes: {},
        key: KEY,
        fingerprint: 'v1:fingerprint',
        request: { appointmentId: 'apt-123' },
        createdAtMs: 1_000,
        ageMs: 50,
        ttlMs: bookingConfirm.ttlMs,
      },
    })
  })

  it('lets the client lower the action’s limit and never raise it', () => {
    const ttlOf = (expiresAfterMs: number) => {
      const judgement = judgeArrival(anArrival({ headers: { expiresAfterMs } }))
      return 'call' in judgement ? judgement.call.ttlMs : null
    }
    expect(ttlOf(5_000)).toBe(5_000)
    expect(ttlOf(bookingConfirm.ttlMs * 2)).toBe(bookingConfirm.ttlMs)
  })

  it('asks for a key where the action needs one', () => {
    expect(codeOf(anArrival({ headers: { key: null } }))).toBe('IDEMPOTENCY_KEY_REQUIRED')
    const body = { leadId: 'lead-1', status: 'won' }
    expect(codeOf(anArrival({ headers: { key: null }, action: leadUpdateStatus, body }))).toBe('CALL')
  })

  it('refuses a click of another person', () => {
    expect(codeOf(anArrival({ headers: { actor: 'user-789' } }))).toBe('ACTOR_MISMATCH')
    expect(codeOf(anArrival({ headers: { actor: 'user-456' } }))).toBe('CALL')
  })

  it('asks the action whether this caller may ask for this', () => {
    const options: ActionRouteOptions = { forbids: (_request, { actor }) => (actor === 'user-456' ? 'FORBIDDEN' : null) }
    expect(codeOf(anArrival({ options }))).toBe('FORBIDDEN')
    expect(codeOf(anArrival({ options, caller: { actor: 'user-789', tenant: 'org-1' } }))).toBe('CALL')
  })

  it.each<[string, () => unknown]>([
    ['undefined', () => undefined],
    ['boolean', () => false],
    ['a promise', () => Promise.reject(new Error('away'))],
  ])('refuses nothing for good where the action says %s in the place of that', (what, forbids) => {
    const options = { forbids } as ActionRouteOptions
    expect(() => judgeArrival(anArrival({ options }))).toThrow(`forbids of booking.confirm gave ${what}`)
  })

  it.each([
    ['unknown fields', { appointmentId: 'apt-123', isAdmin: true }],
    ['a wrong type', { appointmentId: 7 }],
    ['an empty id', { appointmentId: '' }],
    ['an id that is too long', { appointmentId: 'a'.repeat(129) }],
    ['NUL', { appointmentId: 'apt\u0000' }],
    ['a list', []],
    ['null', null],
    ['text', 'apt-123'],
    ['nothing', undefined],
  ])('refuses a body with %s', (_name, body) => {
    expect(codeOf(anArrival({ body }))).toBe('VALIDATION_FAILED')
  })

  it('says which field is wrong without repeating its value', () => {
    const judgement = judgeArrival(anArrival({ body: { appointmentId: 'apt-123', notes: { secret: 'text' } } }))
    const message = 'refusal' in judgement ? judgement.refusal.message : ''
    expect(message).toMatch(/^"notes" must be text/)
    expect(message).not.toContain('secret')
    const unknown = judgeArrival(anArrival({ body: { appointmentId: 'apt-123', secretField: 1 } }))
    expect('refusal' in unknown && unknown.refusal.message).toMatch(/^The request holds fields .*\("secretField"\)/)
  })

  it.each([[null], [[]], ['text']])('says that %j is no object, also where the address names the record', (body) => {
    const judgement = judgeArrival(anArrival({ action: leadUpdateStatus, params: { leadId: 'lead-1' }, body }))
    expect('refusal' in judgement && judgement.refusal.message).toMatch(/must be a JSON object/)
  })

  it('takes the record from the address, and refuses a body that names another', () => {
    const arrival = { action: leadUpdateStatus, params: { leadId: 'lead-1' } }
    const judgement = judgeArrival(anArrival({ ...arrival, body: { status: 'won' } }))
    expect('call' in judgement && judgement.call.request).toEqual({ leadId: 'lead-1', status: 'won' })
    expect(codeOf(anArrival({ ...arrival, body: { leadId: 'lead-1', status: 'won' } }))).toBe('CALL')
    expect(codeOf(anArrival({ ...arrival, body: { leadId: 'lead-2', status: 'won' } }))).toBe('VALIDATION_FAILED')
  })
})
