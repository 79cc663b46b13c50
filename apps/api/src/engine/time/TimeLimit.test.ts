import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { TimeLimit } from './TimeLimit.js'

describe('a limit of time', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] }))
  afterEach(() => void jest.useRealTimers())

  class TooLate extends Error {}

  const never = () => new Promise<unknown>(() => undefined)
  const fate = (promise: Promise<unknown>) => {
    const seen: { fate: unknown } = { fate: 'waits' }
    promise.then(
      (value) => {
        seen.fate = value
      },
      (error) => {
        seen.fate = error instanceof TooLate ? 'given up' : error
      },
    )
    return seen
  }
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms)

  it('gives up each reply when its own time has run out, and says so', async () => {
    let late = 0
    const limit = new TimeLimit(100, () => {
      late += 1
      return new TooLate()
    })
    const first = fate(limit.watch(never()))
    await pass(60)
    const second = fate(limit.watch(never()))
    await pass(41)
    expect([first.fate, second.fate, late]).toEqual(['given up', 'waits', 1])
    await pass(60)
    expect([first.fate, second.fate, late]).toEqual(['given up', 'given up', 2])
  })

  it('hands on what comes in time, and needs no timer once nobody waits', async () => {
    const limit = new TimeLimit(100, () => new TooLate())
    const value = fate(limit.watch(Promise.resolve('PONG')))
    const error = fate(limit.watch(Promise.reject('OOM')))
    await pass(0)
    expect([value.fate, error.fate]).toEqual(['PONG', 'OOM'])
    await pass(102)
    expect(jest.getTimerCount()).toBe(0)
    const next = fate(limit.watch(never()))
    await pass(102)
    expect(next.fate).toBe('given up')
  })

  it('says of each whether it came in time', async () => {
    const limit = new TimeLimit(100, () => new TooLate())
    const told: unknown[] = []
    const [first, second] = [limit.begin((late) => told.push(late)), limit.begin((late) => told.push(late))]
    expect(limit.end(first)).toBe(true)
    await pass(102)
    expect([limit.end(second), told]).toEqual([false, [expect.any(TooLate)]])
  })
})
