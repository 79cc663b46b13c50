import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import { act, renderHook } from '@testing-library/react'
import { useNow } from './useNow.js'

beforeEach(() => void jest.useFakeTimers({ now: 1_000_000 }))
afterEach(() => void jest.useRealTimers())

it.each([
  ['back', -3_600_000],
  ['forth', 3_600_000],
])('counts on towards what is planned when the clock steps %s by an hour', (_, stepMs) => {
  const { result } = renderHook(() => useNow(1_020_000))
  jest.setSystemTime(Date.now() + stepMs)
  act(() => void jest.advanceTimersByTime(5_000))
  expect(result.current).toBe(1_005_000)
})

it('follows the clock where nothing is counted', () => {
  const { result } = renderHook(() => useNow(true))
  jest.setSystemTime(4_600_000)
  act(() => void jest.advanceTimersByTime(5_000))
  expect(result.current).toBe(4_605_000)
})
