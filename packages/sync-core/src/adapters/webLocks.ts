import type { Locks } from '../ports/Locks.js'

/** The browser's Web Locks; without them (plain http on another host) nothing is ever granted. */
export function createWebLocks(manager: LockManager | undefined = globalThis.navigator?.locks): Locks {
  if (manager === undefined) return { available: false, request: () => new Promise(() => {}) }
  return {
    available: true,
    // The platform refuses `signal` together with `steal`, and undefined members are not the same as absent ones.
    request: async (name, { steal, signal }, run) => await manager.request(name, steal ? { steal } : signal ? { signal } : {}, run),
  }
}
