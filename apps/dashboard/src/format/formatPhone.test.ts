import { describe, expect, it } from '@jest/globals'
import { formatPhone } from './formatPhone.js'

describe('a phone number for people', () => {
  it('is grouped as North America does', () => {
    expect(formatPhone('+12025550123')).toBe('+1 202 555 0123')
  })

  it.each(['+4930901820', '+1202555', 'extension 5'])('is left as it is where the plan is not known: %s', (number) => {
    expect(formatPhone(number)).toBe(number)
  })
})
