import { LIMITS } from '@org/contracts'
import type { Clock } from '../ports/Clock.js'

export interface DeadlineOptions {
  clock: Clock
  /** Ends the work early. */
  signal: AbortSignal
  /** Milliseconds > 0. @default LIMITS.clientTimeoutMs */
  timeoutMs?: number
}

/**
 * Runs `work` until it ends or its time is up. Null on failure, abort and timeout alike: there was no answer.
 * Never rejects.
 */
export async function withDeadline<T>(
  { clock, signal, timeoutMs = LIMITS.clientTimeoutMs }: DeadlineOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  if (signal.aborted) return null
  const deadline = new AbortController()
  let stop = () => {}
  // The race is what ends it: work that ignores its signal would otherwise hold up everything behind it.
  const timeUp = new Promise<null>((resolve) => {
    stop = () => {
      deadline.abort()
      resolve(null)
    }
  })
  const cancelTimer = clock.setTimer(stop, timeoutMs)
  signal.addEventListener('abort', stop)
  try {
    return await Promise.race([work(deadline.signal), timeUp])
  } catch {
    return null
  } finally {
    cancelTimer()
    signal.removeEventListener('abort', stop)
  }
}
