import type { Clock } from '../ports/Clock.js'
import { settle as comeToRest } from './settle.js'

export interface FakeClock extends Clock {
  /** Lets `ms` pass: runs each timer at its moment and lets what it started come to rest before the next. */
  advance(ms: number): Promise<void>
  /** Moves the wall clock without letting time pass, as a person or NTP does. May be negative. */
  step(ms: number): void
  /** Timers that wait. */
  pending(): number
}

/** A clock that stands still until the test moves it. @param startAt epoch ms @param settle lets what a timer started come to rest */
export function fakeClock(startAt: number = Date.UTC(2026, 0, 15, 10, 30), settle: () => Promise<void> = comeToRest): FakeClock {
  let elapsed = 0
  let offset = startAt
  let order = 0
  const timers = new Set<{ at: number; order: number; callback: () => void }>()

  const nextTimer = (until: number) =>
    [...timers].filter((timer) => timer.at <= until).sort((left, right) => left.at - right.at || left.order - right.order)[0]

  return {
    now: () => offset + elapsed,
    setTimer: (callback, delayMs) => {
      const timer = { at: elapsed + Math.max(0, delayMs), order: order++, callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance: async (ms) => {
      const until = elapsed + ms
      await settle()
      for (let timer = nextTimer(until); timer !== undefined; timer = nextTimer(until)) {
        timers.delete(timer)
        elapsed = Math.max(elapsed, timer.at)
        timer.callback()
        await settle()
      }
      elapsed = until
      await settle()
    },
    step: (ms) => {
      offset += ms
    },
    pending: () => timers.size,
  }
}
