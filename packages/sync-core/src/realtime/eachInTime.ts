import type { Clock } from '../ports/Clock.js'
import { inTime } from '../retry/inTime.js'

export interface EachInTimeOptions {
  clock: Clock
  /** For each item. */
  limitMs: number
  signal: AbortSignal
}

/** The items as they come; throws when one takes too long or nobody wants them any more. What the source does then is ignored. */
export async function* eachInTime<T>(items: AsyncIterable<T>, { clock, limitMs, signal }: EachInTimeOptions): AsyncGenerator<T, void> {
  const iterator = items[Symbol.asyncIterator]()
  let isDone = false
  try {
    while (!isDone) {
      const result = await inTime(unlessAborted(iterator.next(), signal), clock, limitMs)
      isDone = result.done === true
      if (!result.done) yield result.value
    }
  } finally {
    // Not waited for: what hangs would hang here, too.
    if (!isDone) void Promise.resolve(iterator.return?.()).catch(() => undefined)
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
