import { describe, expect, it } from '@jest/globals'
import { check } from '../check.js'
import { smsSend } from './smsSend.js'

const isFine = (schema: typeof smsSend.requestSchema | typeof smsSend.responseSchema, value: unknown) =>
  check(schema, value).issues === undefined

describe('sms.send', () => {
  it.each([
    [{}, true],
    [{ again: true }, true],
    [{ again: false }, true],
    [{ again: 'yes' }, false],
    [{ again: null }, false],
    [{ duplicate: true }, false],
  ])('takes a request with %j: %s', (fields, fine) => {
    expect(isFine(smsSend.requestSchema, { leadId: 'lead-1', message: 'Hi', ...fields })).toBe(fine)
  })

  it.each([{}, { duplicate: true, sentBy: 'user-456' }, { duplicate: false }, { duplicate: 'by a server of tomorrow', sentBy: null }])(
    'can use an answer with %j',
    (fields) => {
      expect(isFine(smsSend.responseSchema, { success: true, sms: { id: 'sms-1' }, ...fields })).toBe(true)
    },
  )
})
