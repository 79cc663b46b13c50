'use client'
import type { ConnectivityView, SyncClient } from '@org/sync-core'
import { useCallback, useSyncExternalStore } from 'react'
import { idleClient } from '../provider/idleClient.js'

/** Online or not, and how much waits. */
export function useConnectivity(client: SyncClient): ConnectivityView {
  const subscribe = useCallback((listener: () => void) => client.subscribeQueue(listener), [client])
  return useSyncExternalStore(subscribe, () => client.getConnectivity(), idleClient.getConnectivity)
}
