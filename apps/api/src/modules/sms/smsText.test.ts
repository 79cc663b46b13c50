import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { CountryCode } from 'libphonenumber-js'
import { toE164 } from './phone.js'
import { readOptOut } from './readOptOut.js'
import { countSegments } from './segments.js'
import { statusCallbackUrl } from './statusCallbackUrl.js'

describe('toE164', () => {
  it.each([
    ['+12025550123', '+12025550123'],
    ['+1 (202) 555-0123', '+12025550123'],
    ['+44 20 7946 0018', '+442079460018'],
  ])('reads %s', (text, expected) => {
    expect(toE164(text)).toBe(expected)
  })

  it.each(['2025550123', '', 'not a number', '+1', '+1202555012345678'])('takes %j for no number', (text) => {
    expect(toE164(text)).toBeNull()
  })

  it.each([
    'DO NOT TEXT +13125550105',
    '+12025550123 do not text',
    '+12025550123;12025550199',
    '+12025550123, +12025550199',
    '+12025550123 / +12025550199',
    '+12025550123 +12025550199',
    '+1 650 253 0000 x136',
    '+1 650 253 0000 ext. 136',
    '+1 650 253 0000;ext=136',
    '+1 650 253 0000 #136',
    '+1 800 FLOWERS',
    'tel:+12025550123;phone-context=example.com',
  ])('takes %j for no number, whatever number is in it, also where a country is set', (text) => {
    expect([toE164(text), toE164(text, 'US'), toE164(text, 'GB')]).toEqual([null, null, null])
  })

  it.each<[string, CountryCode, string]>([
    ['(202) 555-0123', 'US', '+12025550123'],
    ['1-202-555-0123', 'US', '+12025550123'],
    ['0044 20 7946 0000', 'US', '+442079460000'],
    ['0044 20 7946 0000', 'GB', '+442079460000'],
    ['011 44 20 7946 0000', 'US', '+442079460000'],
    ['020 7946 0000', 'GB', '+442079460000'],
    ['030/901820', 'DE', '+4930901820'],
    ['+44 20 7946 0000', 'US', '+442079460000'],
    [' +1 (202) 555-0123 ', 'DE', '+12025550123'],
  ])('reads %j dialled from %s', (text, country, expected) => {
    expect(toE164(text, country)).toBe(expected)
  })

  it('does not guess a country when none is set', () => {
    expect([toE164('(202) 555-0123'), toE164('0044 20 7946 0000')]).toEqual([null, null])
  })
})

describe('countSegments', () => {
  it.each([
    ['a'.repeat(160), 'GSM-7', 1],
    ['a'.repeat(161), 'GSM-7', 2],
    ['a'.repeat(306), 'GSM-7', 2],
    ['a'.repeat(307), 'GSM-7', 3],
    ['€'.repeat(80), 'GSM-7', 1],
    ['€'.repeat(81), 'GSM-7', 2],
    ['ж'.repeat(70), 'UCS-2', 1],
    ['ж'.repeat(71), 'UCS-2', 2],
    ['😀'.repeat(35), 'UCS-2', 1],
    ['', 'GSM-7', 1],
    [`${'x'.repeat(66)}😀${'x'.repeat(66)}`, 'UCS-2', 3],
    [`${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7', 3],
    [']'.repeat(153), 'GSM-7', 3],
    ['😀'.repeat(67), 'UCS-2', 3],
    ['😀'.repeat(66), 'UCS-2', 2],
    [`${'a'.repeat(151)}€${'a'.repeat(153)}`, 'GSM-7', 2],
  ])('counts %j…', (text, encoding, segments) => {
    expect(countSegments(text)).toMatchObject({ encoding, segments })
  })

  it('cuts as a phone network does: at the limit, or before a character that would be torn apart', () => {
    const letter = fc.constantFrom('a', '€', ']', '~', 'ж', '😀', '\n')
    const text = fc
      .array(fc.tuple(letter, fc.nat(160)), { maxLength: 6 })
      .map((runs) => runs.map(([of, times]) => of.repeat(times)).join(''))
    fc.assert(
      fc.property(text, (body) => {
        expect(countSegments(body).segments).toBe(cutIntoParts(body))
      }),
      { seed: 20_261_129, numRuns: 500 },
    )
  })
})

/** Writes the text out unit by unit, `true` where a character begins, and cuts it. */
function cutIntoParts(body: string): number {
  const unicode = /[ж😀]/u.test(body)
  const [alone, inParts] = unicode ? [70, 67] : [160, 153]
  const begins = [...body].flatMap((character) => {
    const units = unicode ? character.length : 1 + Number('€]~'.includes(character))
    return units === 2 ? [true, false] : [true]
  })
  if (begins.length <= alone) return 1
  let parts = 0
  for (let at = 0; at < begins.length; parts += 1) {
    at += inParts
    while (at < begins.length && begins[at] === false) at -= 1
  }
  return parts
}

describe('readOptOut', () => {
  it.each([
    [{ Body: ' stop ' }, true],
    [{ Body: 'Unsubscribe' }, true],
    [{ Body: 'START' }, false],
    [{ Body: 'please stop by tomorrow' }, null],
    [{ Body: 'Aufhören', OptOutType: 'STOP' }, true],
    [{ Body: 'STOP', OptOutType: 'HELP' }, null],
    [{}, null],
  ])('reads %j as %s', (form, expected) => {
    expect(readOptOut(form)).toBe(expected)
  })
})

it('statusCallbackUrl names the message and the attempt, or nothing without a public address', () => {
  expect(statusCallbackUrl('https://api.example.com', { id: 'sms/1', attempt: 2 })).toBe(
    'https://api.example.com/api/webhooks/twilio/status?mid=sms%2F1&attempt=2#rc=5&rp=all',
  )
  expect(statusCallbackUrl(null, { id: 'sms-1', attempt: 1 })).toBeNull()
})
