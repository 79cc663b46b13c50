import { expect, it } from '@jest/globals'
import twilio from 'twilio'
import { twilioSignature } from './signature.js'

it.each([
  ['https://example.com/status', { To: '+15005550101', Body: 'Hi', AccountSid: 'AC1' }],
  ['https://example.com/status?mid=sms-1&attempt=2', { MessageSid: 'SM1', MessageStatus: 'sent' }],
  ['http://127.0.0.1:4300/api/webhooks/twilio/status?mid=a%20b', { Body: 'Größe 10 € — 你好', Empty: '' }],
  ['https://example.com:8443/inbound', {}],
])('signs %s as the SDK expects it', (url, params) => {
  const signature = twilioSignature('token', url, params)
  expect(twilio.validateRequest('token', signature, url, params)).toBe(true)
  expect(twilio.validateRequest('token', signature, `${url}x`, params)).toBe(false)
})
