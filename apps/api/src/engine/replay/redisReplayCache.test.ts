import { describe, expect, it } from '@jest/globals'
import { readCached, writeCached } from './redisReplayCache.js'

const ANSWER = { fingerprint: 'v1:abc', status: 200, body: '{"success":true,"note":"Grüße 🎉"}' }

describe('what is kept in Redis', () => {
  it('comes back as it was written, characters beyond Latin included', () => {
    expect(readCached(Buffer.from(writeCached(ANSWER)))).toEqual(ANSWER)
  })

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a number', 7],
    ['an empty text', Buffer.from('')],
    ['a head alone', Buffer.from('["v1:abc",200,34]\n')],
    ['no head', Buffer.from('{"success":true}')],
    ['half a body', Buffer.from(writeCached(ANSWER).slice(0, -3))],
    ['a body with something behind it', Buffer.from(`${writeCached(ANSWER)}x`)],
    ['a body that is no JSON', Buffer.from('["v1:abc",200,3]\nabc')],
    ['a body that is no object', Buffer.from('["v1:abc",200,4]\nnull')],
    ['a status in words', Buffer.from('["v1:abc","abc",2]\n{}')],
    ['a status no answer has', Buffer.from('["v1:abc",99,2]\n{}')],
    ['a status with a fraction', Buffer.from('["v1:abc",200.5,2]\n{}')],
    ['no fingerprint', Buffer.from('[null,200,2]\n{}')],
    ['a head of another shape', Buffer.from('{"status":200}\n{}')],
    ['a head of null', Buffer.from('null\n{}')],
  ])('is not known when it is %s', (_what, reply) => {
    expect(readCached(reply)).toBeNull()
  })
})
