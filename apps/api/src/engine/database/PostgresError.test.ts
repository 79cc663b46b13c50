import { describe, expect, test } from '@jest/globals'
import { postgresErrorOf, rootOf } from './PostgresError.js'

const MESSAGE = 'new row for relation "deals" violates check constraint "below_zero"'
const READ = { code: '23514', message: MESSAGE, constraint: 'below_zero' }
const told = (constraint: object) => ({ code: '23514', message: MESSAGE, severity: 'ERROR', ...constraint })
const byPrisma = { originalCode: '23514', originalMessage: MESSAGE, kind: 'postgres', constraint: { index: 'below_zero' } }

describe('an error of Postgres', () => {
  test.each<[string, unknown]>([
    ['of pg and PGlite', told({ constraint: 'below_zero' })],
    ['of postgres.js', told({ constraint_name: 'below_zero' })],
    ['in a library’s own', new Error('Failed query', { cause: told({ constraint: 'below_zero' }) })],
    [
      'of Prisma, from a query',
      Object.assign(new Error('Raw query failed'), { code: 'P2010', meta: { driverAdapterError: { cause: byPrisma } } }),
    ],
    ['of Prisma, from a commit', new Error('CheckConstraintViolation', { cause: byPrisma })],
  ])('is known as told by %s', (_how, error) => {
    expect(postgresErrorOf(error)).toMatchObject(READ)
  })

  test.each<[string, unknown]>([
    ['a code that looks like a state', Object.assign(new Error('no'), { code: 'P2010', meta: { modelName: 'deals' } })],
    ['what is no error', 'P2010'],
    ['nothing', null],
    ['an original code that is none', { originalCode: 7, originalMessage: 'no' }],
    ['meta that is null', { meta: null }],
  ])('is not seen in %s', (_what, error) => {
    expect(postgresErrorOf(error)).toBeNull()
  })
})

test('a chain of causes that bites its own tail has an end', () => {
  const error = new Error('outer')
  error.cause = error
  expect([postgresErrorOf(error), rootOf(error)]).toEqual([null, error])
  expect(rootOf('text')).toBe('text')
})
