'use client'
import type { ConnectivityView, QueuedMutation } from '@org/sync-core'
import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { idleClient } from '../provider/idleClient.js'
import { useConnectivity } from './useConnectivity.js'
import { useSyncClient } from './useSyncClient.js'

export interface OfflineQueueResult extends ConnectivityView {
  /** Unfinished mutations, in order. */
  queue: readonly QueuedMutation[]
  /** Tries everything that waits now. */
  sync: () => Promise<void>
  retry: (id: string) => void
  /** Gives up on one; asks the server first when it may have been carried out. */
  discard: (id: string) => Promise<'cancelled' | 'already-done' | 'unreachable'>
}

/** What waits in this browser for this user, and whether it is online. */
export function useOfflineQueue(): OfflineQueueResult {
  const client = useSyncClient()
  const connectivity = useConnectivity(client)
  const subscribe = useCallback((listener: () => void) => client.subscribeQueue(listener), [client])
  const queue = useSyncExternalStore(subscribe, () => client.getQueue(), idleClient.getQueue)
  return useMemo(
    () => ({
      ...connectivity,
      queue,
      sync: () => client.syncQueue(),
      retry: (id: string) => client.retry(id),
      discard: (id: string) => client.discard(id),
    }),
    [client, connectivity, queue],
  )
}
