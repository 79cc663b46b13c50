import { describe, expect, test } from '@jest/globals'
import { DatabaseUnavailableError } from './DatabaseError.js'
import { asDatabaseError } from './pgError.js'

const withCode = (code: string) => Object.assign(new Error('as pg throws it'), { code })

describe('trouble with the database as a whole', () => {
  test.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', '08006', '53300', '57P01', '57P03', '57014', '25P03'])(
    'is what %s means',
    (code) => {
      const error = asDatabaseError(withCode(code))
      expect(error).toBeInstanceOf(DatabaseUnavailableError)
      expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', cause: { code }, message: expect.stringContaining(`(${code})`) })
    },
  )

  test.each(['Query read timeout', 'Connection terminated unexpectedly', 'timeout exceeded when trying to connect'])(
    'is what "%s" means',
    (message) => {
      expect(asDatabaseError(new Error(message))).toBeInstanceOf(DatabaseUnavailableError)
    },
  )
})

describe('a connection that can never be made', () => {
  test.each([
    ['28P01', /password/],
    ['28000', /password/],
    ['3D000', /no such database/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /DATABASE_CA_FILE.*NODE_EXTRA_CA_CERTS/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /DATABASE_CA_FILE/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /DATABASE_CA_FILE/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /DATABASE_CA_FILE/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /another name/],
    ['CERT_HAS_EXPIRED', /expired/],
  ])('says on one line what to do about %s', (code, words) => {
    const error = asDatabaseError(withCode(code))
    expect(error).toBeInstanceOf(DatabaseUnavailableError)
    expect((error as Error).message).toMatch(words)
    expect((error as Error).message).toMatch(/^[^\n]*DATABASE_URL[^\n]*$/)
  })
})

test('a server without TLS that DATABASE_URL asks for is told as that', () => {
  expect(asDatabaseError(new Error('The server does not support SSL connections'))).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringMatching(/no TLS.*sslmode/),
  })
})

describe('an error of the statement', () => {
  test.each(['23505', '55P03', '42P01', 'SY001', 'XX000'])('with SQLSTATE %s is handed on as it is', (code) => {
    const error = withCode(code)
    expect(asDatabaseError(error)).toBe(error)
  })

  test('in our own code is handed on as it is', () => {
    const error = new TypeError('undefined is not a function')
    expect(asDatabaseError(error)).toBe(error)
  })
})
