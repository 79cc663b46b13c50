import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { DatabaseUnavailableError } from './DatabaseError.js'
import { withTimeout } from './withTimeout.js'

beforeEach(() => {
  jest.useFakeTimers()
})

afterEach(() => {
  jest.useRealTimers()
})

test('hands on what comes in time, and leaves no timer behind', async () => {
  expect(await withTimeout(Promise.resolve('rows'), 1_000)).toBe('rows')
  await expect(withTimeout(Promise.reject(new Error('no such table')), 1_000)).rejects.toThrow('no such table')
  expect(jest.getTimerCount()).toBe(0)
})

test('says of a transaction that what it awaits may be something else', async () => {
  const work = withTimeout(new Promise(() => undefined), 1_000, 'transaction')
  const refused = expect(work).rejects.toThrow(/^A transaction did not end within 1000 ms.* or its effect awaits something else/)
  await jest.advanceTimersByTimeAsync(1_000)
  await refused
})

test('says that the database is not available when it does not answer in time', async () => {
  const work = withTimeout(new Promise(() => undefined), 1_000)
  const refused = expect(work).rejects.toThrow(
    new DatabaseUnavailableError('The database did not answer within 1000 ms. It may be overloaded; try again.'),
  )
  await jest.advanceTimersByTimeAsync(1_000)
  await refused
})
