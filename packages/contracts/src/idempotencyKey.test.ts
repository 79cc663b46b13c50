import { describe, expect, it } from '@jest/globals'
import { parseIdempotencyKey } from './idempotencyKey.js'

const KEY = '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b'

describe('parseIdempotencyKey', () => {
  it.each([KEY, `"${KEY}"`, ` ${KEY} `])('reads %p, quoted or bare', (header) => {
    expect(parseIdempotencyKey(header)).toBe(KEY)
  })

  it.each(['', 'short', 'x'.repeat(19), 'x'.repeat(129), `${KEY} ${KEY}`, `"${KEY}`, `${KEY}é`, `${KEY}\n`.concat('x')])(
    'refuses %p',
    (header) => {
      expect(parseIdempotencyKey(header)).toBeNull()
    },
  )
})
