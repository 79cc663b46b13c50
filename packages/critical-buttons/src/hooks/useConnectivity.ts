'use client'
import type { ConnectivityView, SyncClient } from '@org/sync-core'
import { useSyncExternalStore } from 'react'
import { idleClient } from '../provider/idleClient.js'

/** Online or not, and how much waits. */
export function useConnectivity(client: SyncClient): ConnectivityView {
  return useSyncExternalStore(client.subscribeQueue, client.getConnectivity, idleClient.getConnectivity)
}
