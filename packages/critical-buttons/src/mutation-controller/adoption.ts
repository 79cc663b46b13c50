import type { MutationCallbacks, SyncClient } from '@org/sync-core'

const adopted = new WeakMap<SyncClient, Set<string>>()

/**
 * Offers callbacks for a mutation of a tab that may be gone (closed or reloaded). One component of
 * a page at a time: the ending is told once, not once a button.
 * @returns the withdrawal; undefined when another component has offered, or the client cannot
 */
export function adoptOnce(client: SyncClient, id: string, callbacks: MutationCallbacks): (() => void) | undefined {
  const ids = adopted.get(client) ?? new Set()
  adopted.set(client, ids)
  if (ids.has(id)) return undefined
  const withdraw = client.adopt?.(id, callbacks)
  if (withdraw === undefined) return undefined
  ids.add(id)
  return () => {
    ids.delete(id)
    withdraw()
  }
}
