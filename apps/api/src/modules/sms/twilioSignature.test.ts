import { expect, it } from '@jest/globals'
import { twilioSignature } from '@org/stand-ins'
import { statusCallbackUrl } from './statusCallbackUrl.js'
import { createTwilioSignatureCheck } from './twilioSignature.js'

const PUBLIC_URL = 'https://api.example.com'
const config = {
  accountSid: 'AC1',
  authToken: 'now',
  previousAuthToken: 'before',
  from: '+15005550006',
  messagingServiceSid: null,
  apiBaseUrl: null,
}
const params = { MessageSid: 'SM1', MessageStatus: 'delivered' }
const given = statusCallbackUrl(PUBLIC_URL, { id: 'sms-1', attempt: 1 }) ?? ''
const requested = given.slice(0, given.indexOf('#'))
const pathAndQuery = requested.slice(PUBLIC_URL.length)

const passes = (url: string, token = 'now') =>
  createTwilioSignatureCheck(config, PUBLIC_URL)({ signature: twilioSignature(token, url, params), pathAndQuery, params })

it.each([
  ['what is requested', requested, true],
  ['the address as it was given, with what it asks for', given, true],
  ['another fragment', `${requested}#rc=1`, false],
  ['another attempt', requested.replace('attempt=1', 'attempt=2'), false],
  ['another host', requested.replace('api.', 'evil.'), false],
])('a callback signed over %s', (_, url, good) => {
  expect(passes(url)).toBe(good)
})

it.each(['http://evil.test', 'https://a:b@evil.test:99999', ''])(
  'a request that names the whole address %j is refused, not failed over',
  (origin) => {
    const check = createTwilioSignatureCheck(config, PUBLIC_URL)
    expect(check({ signature: 'AAAA', pathAndQuery: `${origin}${origin === '' ? '*' : pathAndQuery}`, params })).toBe(false)
  },
)

it.each([
  ['now', true],
  ['before', true],
  ['somebody else’s', false],
])('a callback signed with the token of %s', (token, good) => {
  expect(passes(requested, token)).toBe(good)
})

it('without an account or a public address nothing passes', () => {
  const request = { signature: twilioSignature('now', requested, params), pathAndQuery, params }
  expect(createTwilioSignatureCheck(null, PUBLIC_URL)(request)).toBe(false)
  expect(createTwilioSignatureCheck(config, null)(request)).toBe(false)
})
