import type { Locks } from '../ports/Locks.js'

/** The browser's Web Locks; without them (plain http on another host) a stand-in that never grants anything. */
export function createWebLocks(manager: LockManager | undefined = globalThis.navigator?.locks): Locks {
  if (manager === undefined) return NO_LOCKS
  return {
    available: true,
    request: async (name, { ifAvailable, steal, signal }, run) => {
      // The platform refuses `signal` together with the other two, and undefined members are not the same as absent ones.
      const options: LockOptions = ifAvailable ? { ifAvailable } : steal ? { steal } : signal ? { signal } : {}
      return await manager.request(name, options, (lock) => run(lock !== null))
    },
  }
}

const NO_LOCKS: Locks = {
  available: false,
  request: (_name, { ifAvailable, signal }, run) => {
    if (ifAvailable) return run(false)
    return new Promise((_resolve, reject) => {
      const refuse = () => reject(new DOMException('The wait for a lock was given up.', 'AbortError'))
      if (signal?.aborted) refuse()
      else signal?.addEventListener('abort', refuse, { once: true })
    })
  },
}
