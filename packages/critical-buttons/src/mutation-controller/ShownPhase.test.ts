import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import { ShownPhase } from './ShownPhase.js'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

it.each([
  ['back', -3_600_000],
  ['forth', 3_600_000],
])('no spinner outlives its click because the clock stepped %s by an hour', (_, stepMs) => {
  const shown = new ShownPhase({ onChange: () => undefined, onEnd: () => undefined })
  shown.follow('running', false)
  jest.advanceTimersByTime(300)
  expect(shown.of('running')).toBe('running')
  jest.setSystemTime(Date.now() + stepMs)
  shown.follow('success', true)
  jest.advanceTimersByTime(400)
  expect(shown.of('success')).toBe('success')
})
