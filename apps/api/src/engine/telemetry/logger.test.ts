import { describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { DatabaseUnavailableError } from '../database/DatabaseError.js'
import { NoPlaceError } from '../fairness/Room.js'
import { Refusal } from '../http/Refusal.js'
import { KeySetUnavailableError } from '../identity/KeySet.js'
import { RedisUnavailableError } from '../redis/RedisUnavailableError.js'
import { createLogger, fenced } from './logger.js'

type Write = (log: ReturnType<typeof createLogger>) => void

function logged(write: Write, open: (to: { write: (line: string) => void }) => ReturnType<typeof createLogger> = ours): string {
  let text = ''
  write(
    open({
      write: (line) => {
        text += line
      },
    }),
  )
  return text
}

const ours = (to: { write: (line: string) => void }) => createLogger({ logLevel: 'info' }, to)
const teams = (to: { write: (line: string) => void }) => fenced(pino({}, to))
const describeError = (err: unknown) => JSON.parse(logged((log) => log.error({ err }, 'failed'))).err

describe.each([
  ['the log', ours],
  ["a team's own log", teams],
])('%s', (_name, open) => {
  it('holds back secrets, keys, numbers and texts by name, however deep and however written', () => {
    const secret = 'DO-NOT-LOG'
    const text = logged(
      (log) =>
        log.info({
          authorization: secret,
          sms: { to: secret, message: secret },
          request: { headers: { cookie: secret } },
          a: { b: { c: [{ 'Idempotency-Key': secret }, { access_token: secret }] } },
          params: { key: secret },
          token: secret,
          phone: secret,
          actor: secret,
          url: `/api/mutations/${secret}`,
        }),
      open,
    )
    expect(text).not.toContain(secret)
    expect(text).toContain('[redacted]')
  })

  it.each([
    ['a number', 'sent to +12025550123 in vain', '+12025550123'],
    ['a token', 'Bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbmEifQ.c2lnbmVk', 'eyJ'],
    ['a password in an address', 'postgres://api:hunter2@db/app', 'hunter2'],
  ])('holds back %s in the middle of a text', (_what, text, secret) => {
    expect(logged((log) => log.info({ reason: text, err: new TypeError(text) }, 'failed'), open)).not.toContain(secret)
  })

  it('says of an error what it was and where, not what it quotes', () => {
    const quoting = 'duplicate key: (phone)=(+12025550123)\n    at hunter2'
    const error = Object.assign(new Error(quoting), { code: '23505', status: 400, detail: 'Key (phone)', constraint: 'one_phone' })
    const text = logged((log) => log.error({ err: error }, 'failed'), open)
    for (const secret of ['2025550123', 'hunter2', '(phone)']) expect(text).not.toContain(secret)
    expect(JSON.parse(text)).toMatchObject({ err: { kind: 'Error', code: '23505', constraint: 'one_phone', status: 400 }, msg: 'failed' })
    expect(JSON.parse(text).err.stack[0]).toMatch(/^at .*logger\.test/)
  })

  it('keeps our own words, and the cause', () => {
    const error = new DatabaseUnavailableError('The database did not answer.', { cause: new Error('quoted value') })
    const text = logged((log) => log.error({ err: error }, 'failed'), open)
    expect(JSON.parse(text).err).toMatchObject({ message: 'The database did not answer.', cause: { kind: 'Error' } })
    expect(text).not.toMatch(/quoted value|redacted/)
  })
})

describe('an error in the log', () => {
  it.each([
    new KeySetUnavailableError('our own words'),
    new NoPlaceError('our own words'),
    new RedisUnavailableError('our own words'),
    new Refusal('INTERNAL', { error: 'our own words' }),
    new RangeError('our own words'),
  ])('of our own says what happened: %s', (error) => {
    expect(describeError(error)).toMatchObject({ kind: error.name, message: 'our own words' })
  })

  const ofPostgres = (code: string, message: string, more: object = {}) =>
    Object.assign(new Error(message), { name: 'error', severity: 'ERROR', code, ...more })

  it.each([
    ['42P01', 'relation "crm.contact" does not exist'],
    ['42501', 'permission denied for table contacts'],
    ['42703', 'column "stagee" does not exist'],
    ['428C9', 'column "full_name" can only be updated to DEFAULT'],
    ['53100', 'could not extend file "base/1/2": No space left on device'],
    ['57014', 'canceling statement due to statement timeout'],
    ['25006', 'cannot execute UPDATE in a read-only transaction'],
  ])('of the database that is about its schema or the server (%s) says so in its words', (code, message) => {
    expect(describeError(ofPostgres(code, message))).toMatchObject({ kind: 'error', code, message })
    expect(describeError(new Error('Failed query: … params: Ada', { cause: ofPostgres(code, message) }))).toMatchObject({
      cause: { code, message },
    })
  })

  it.each([
    ['22P02', 'invalid input syntax for type uuid: "a value"', {}],
    ['23505', 'duplicate key value violates unique constraint', {}],
    ['42601', 'syntax error at or near "a value"', {}],
    ['42501', 'a value of the team’s', { routine: 'exec_stmt_raise' }],
    ['P0001', 'a value of the team’s', {}],
    ['XX000', 'a value', {}],
  ])('of the database that may quote a value (%s) does not', (code, message, more) => {
    expect(describeError(ofPostgres(code, message, more))).not.toHaveProperty('message')
  })

  it('with such a code that is not of the database does not, either', () => {
    expect(describeError(Object.assign(new Error('a value'), { code: '42P01' }))).not.toHaveProperty('message')
  })

  it('that is none says what it was, and one that causes itself comes to an end', () => {
    expect([describeError('a text'), describeError({ detail: 'a text' })]).toEqual([{ kind: 'string' }, { kind: 'object' }])
    const error = new Error('a')
    error.cause = error
    expect(JSON.stringify(describeError(error)).length).toBeLessThan(20_000)
  })
})
