import type { Clock } from '../../src/ports/Clock.js'

export interface FakeClock extends Clock {
  /** Lets `ms` pass: runs each timer that falls due at its time, and all promises in between. */
  advance(ms: number): Promise<void>
  timers(): number
}

/** Lets everything that only waits for promises happen. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
}

/** Time that stands still until a test advances it. */
export function fakeClock(startAt = 1_000_000): FakeClock {
  let now = startAt
  const timers = new Set<{ at: number; callback: () => void }>()
  const due = (until: number) => [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]

  return {
    now: () => now,
    setTimer: (callback, delayMs) => {
      const timer = { at: now + delayMs, callback }
      timers.add(timer)
      return () => {
        timers.delete(timer)
      }
    },
    advance: async (ms) => {
      const until = now + ms
      await settle()
      for (let next = due(until); next; next = due(until)) {
        timers.delete(next)
        now = Math.max(now, next.at)
        next.callback()
        await settle()
      }
      now = until
    },
    timers: () => timers.size,
  }
}
