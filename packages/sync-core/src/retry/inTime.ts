import type { Clock } from '../ports/Clock.js'

/** Settles as `work` does; rejects when that takes longer than `limitMs`. What it does afterwards is ignored. */
export function inTime<T>(work: T | Promise<T>, clock: Clock, limitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.setTimer(() => reject(new Error(`It did not end within ${limitMs / 1_000} seconds.`)), limitMs)
    Promise.resolve(work).then(resolve, reject).finally(cancel)
  })
}
