import type { SyncClient } from '@org/sync-core'

type Subscribe = (...given: never[]) => () => void

/** Counts, from now on, the listeners that a client holds; 0 when everything was unsubscribed. */
export function countListeners(client: SyncClient): () => number {
  let count = 0
  const counted = (subscribe: Subscribe): Subscribe => {
    return (...given) => {
      const stop = subscribe(...given)
      let isHeld = true
      count += 1
      return () => {
        if (isHeld) count -= 1
        isHeld = false
        stop()
      }
    }
  }
  for (const holder of [client, client.realtime]) {
    for (const [name, subscribe] of Object.entries(holder)) {
      if (name.startsWith('subscribe')) Object.assign(holder, { [name]: counted(subscribe as Subscribe) })
    }
  }
  return () => count
}
