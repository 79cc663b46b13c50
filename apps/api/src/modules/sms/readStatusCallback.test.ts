import { describe, expect, it } from '@jest/globals'
import { readStatusCallback } from './readStatusCallback.js'

const GOOD = { id: 'sms-1', attempt: '2', form: { MessageSid: 'SM0123456789abcdef', MessageStatus: 'failed', ErrorCode: '30003' } }

describe('a status callback', () => {
  it('says which attempt got how far, and why', () => {
    expect(readStatusCallback(GOOD)).toEqual({ id: 'sms-1', attempt: 2, sid: 'SM0123456789abcdef', status: 'failed', errorCode: 30003 })
  })

  it.each([undefined, '', 'abc', '1e20', '-1', '30003\0', '9'.repeat(10), ['30003']])(
    'keeps its status when the error code is %j',
    (ErrorCode) => {
      expect(readStatusCallback({ ...GOOD, form: { ...GOOD.form, ErrorCode } })).toMatchObject({ status: 'failed', errorCode: null })
    },
  )

  it.each([undefined, '', '0', '1e20', '-1', '1.5', '2147483648', '1\0', ['1', '2']])('says nothing with the attempt %j', (attempt) => {
    expect(readStatusCallback({ ...GOOD, attempt })).toBeNull()
  })

  it.each([undefined, '', 'a\0b', 'x'.repeat(129), '\ud800', ['a', 'b']])('says nothing about the SMS %j', (id) => {
    expect(readStatusCallback({ ...GOOD, id })).toBeNull()
  })

  it.each(['MessageSid', 'MessageStatus'])('says nothing with a %s that cannot be one', (name) => {
    for (const value of [undefined, '', 'a\0', 'x'.repeat(65), ['a', 'b']])
      expect(readStatusCallback({ ...GOOD, form: { ...GOOD.form, [name]: value } })).toBeNull()
  })
})
