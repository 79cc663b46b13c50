import { describe, expect, it } from '@jest/globals'
import { errorBody } from './errorBody.js'
import { errorBodySchema } from './errorBodySchema.js'
import { ERROR_CODES, type ErrorCode, isErrorCode } from './errorCodes.js'

describe('errorBody', () => {
  it.each(Object.keys(ERROR_CODES) as ErrorCode[])('tells a person what %s means', (code) => {
    const body = errorBody(code)
    expect(errorBodySchema.parse(body)).toMatchObject({ success: false, code, retryable: ERROR_CODES[code].retryable })
    expect(body.error.length).toBeGreaterThan(10)
  })

  it("carries the guide's wording and further fields", () => {
    expect(errorBody('CIRCUIT_BREAKER_OPEN', { retrying: true, retryAfterMs: 30_000 })).toEqual({
      success: false,
      error: 'SMS service temporarily unavailable',
      code: 'CIRCUIT_BREAKER_OPEN',
      retryable: true,
      retrying: true,
      retryAfterMs: 30_000,
    })
  })

  it('knows its codes and nothing from the prototype', () => {
    expect(isErrorCode('NOT_FOUND')).toBe(true)
    expect(isErrorCode('toString')).toBe(false)
    expect(isErrorCode(404)).toBe(false)
  })
})
