import { describe, expect, it } from '@jest/globals'
import * as zod from 'zod'
import * as own from '../parser/z.js'
import type { StandardSchema } from '../StandardSchema.js'
import { bookingConfirm } from './bookingConfirm.js'
import { type CodeOf, defineAction, isAnswerOf, isCodeOf, type RequestOf } from './defineAction.js'

const credit = { status: 422, retryable: false, text: 'Above your credit limit.' }

function anAction<Request>(
  requestSchema: StandardSchema<Request, unknown>,
  errorCodes: Record<string, typeof credit> = { CREDIT_LIMIT: credit },
) {
  return defineAction({
    name: 'order.place',
    path: '/api/orders',
    requestSchema,
    responseSchema: own.looseObject({ success: own.literal(true) }),
    lanes: () => ['order'],
    overlays: () => [],
    rows: () => [],
    ttlMs: 1_000,
    keyRequired: true,
    errorCodes,
  })
}

describe('an action', () => {
  it.each<[string, Record<string, typeof credit>]>([
    ['a code that is no name', { 'credit-limit': credit }],
    ['a code named like a property of every object', { constructor: credit }],
    ['a status that is no refusal', { CREDIT_LIMIT: { ...credit, status: 200 } }],
    ['a status of a broken server', { CREDIT_LIMIT: { ...credit, status: 503 } }],
    ['a final no with a status that says "come again"', { CREDIT_LIMIT: { ...credit, status: 429 } }],
    ['no text for a person', { CREDIT_LIMIT: { ...credit, text: ' ' } }],
  ])('is refused with %s', (_what, errorCodes) => {
    expect(() => anAction(own.unknown(), errorCodes)).toThrow(RangeError)
  })

  it.each([
    { name: '' },
    { name: 'approve a deal' },
    { name: 'deal/approve' },
    { name: 'x'.repeat(101) },
    { ttlMs: 0 },
    { ttlMs: Number.NaN },
    { ttlMs: Number.POSITIVE_INFINITY },
    { path: 'api/deals' as '/' },
    { path: '/api/deals?now=1' as const },
    { path: '/api/deals#top' as const },
    { path: '/api/my deals' as const },
  ])('is refused with %j', (wrong) => {
    expect(() => defineAction({ ...anAction(own.unknown()), refusals: [], errorCodes: {}, ...wrong })).toThrow(/^defineAction/)
  })

  it('knows its own codes beside those of every action', () => {
    const action = anAction(own.unknown())
    expect(['CREDIT_LIMIT', 'FORBIDDEN', 'STATUS_FINAL', 'toString'].map((code) => isCodeOf(action, code))).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect(isCodeOf(bookingConfirm, 'ALREADY_CONFIRMED')).toBe(true)
  })

  it('lets no one compare with a code it does not have', () => {
    const code = 'ALREADY_CONFIRMED' as CodeOf<typeof bookingConfirm>
    // @ts-expect-error a typo
    expect(code === 'ALREADY_CONFIRMD').toBe(false)
    // @ts-expect-error the name is taken
    expect(() => defineAction({ ...anAction(own.unknown()), errorCodes: { NOT_FOUND: credit } })).not.toThrow()
  })

  it('takes the schema of any library, and its request is what is given to it', () => {
    const action = anAction(zod.strictObject({ at: zod.string().default('now') }))
    const request: RequestOf<typeof action> = {}
    expect(request).toEqual({})
  })

  it('refuses a schema that answers with a promise, and swallows no rejection', () => {
    const late = own.unknown()['~standard']
    const schema: StandardSchema = { '~standard': { ...late, validate: () => Promise.reject(new Error('too late')) } }
    const action = { ...bookingConfirm, responseSchema: schema }
    expect(() => isAnswerOf(action, {})).toThrow(/answers with a promise/)
  })
})
