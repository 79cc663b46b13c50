import { describe, expect, it } from '@jest/globals'
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
  ])('counts %j…', (text, encoding, segments) => {
    expect(countSegments(text)).toMatchObject({ encoding, segments })
  })
})

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
    'https://api.example.com/api/webhooks/twilio/status?mid=sms%2F1&attempt=2',
  )
  expect(statusCallbackUrl(null, { id: 'sms-1', attempt: 1 })).toBeNull()
})
