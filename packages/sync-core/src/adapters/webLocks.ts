import type { Locks } from '../ports/Locks.js'

/** The browser's Web Locks; without them (plain http on another host), or where they are refused (a sandboxed frame), nothing is ever granted. */
export function createWebLocks(manager: LockManager | undefined = globalThis.navigator?.locks): Locks {
  if (manager === undefined) return { available: false, request: () => new Promise(() => {}) }
  let available = true
  return {
    get available() {
      return available
    },
    request: async (name, options, run) => {
      try {
        return await manager.request(name, options, run)
      } catch (error) {
        available &&= (error as { name?: unknown } | null)?.name !== 'SecurityError'
        throw error
      }
    },
  }
}
