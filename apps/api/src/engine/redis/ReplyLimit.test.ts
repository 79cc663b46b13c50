import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { RedisUnavailableError } from './RedisUnavailableError.js'
import { ReplyLimit } from './ReplyLimit.js'

describe('a limit of replies', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] }))
  afterEach(() => void jest.useRealTimers())

  const never = () => new Promise<unknown>(() => undefined)
  const fate = (promise: Promise<unknown>) => {
    const seen: { fate: unknown } = { fate: 'waits' }
    promise.then(
      (value) => {
        seen.fate = value
      },
      (error) => {
        seen.fate = error instanceof RedisUnavailableError ? 'given up' : error
      },
    )
    return seen
  }
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms)

  it('gives up each reply when its own time has run out, and says so', async () => {
    let late = 0
    const limit = new ReplyLimit(100, () => {
      late += 1
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
    const limit = new ReplyLimit(100, () => undefined)
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
})
