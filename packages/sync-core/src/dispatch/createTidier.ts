import type { Clock } from '../ports/Clock.js'
import { forget, pickForgettable } from '../queue/forget.js'
import type { OfflineQueue } from '../queue/OfflineQueue.js'

/** Forgets settled mutations whose time is up, one step at a time. */
export function createTidier({ queue, clock }: { queue: OfflineQueue; clock: Clock }): () => void {
  let isTidying = false
  const done = () => {
    isTidying = false
  }
  return () => {
    const forgettable = isTidying ? [] : pickForgettable(queue.records, clock.now())
    if (forgettable.length === 0) return
    isTidying = true
    void queue.run(forget(forgettable)).then(done, done)
  }
}
