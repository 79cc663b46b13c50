'use client'
import type { TableState } from '@org/sync-core'
import { useSyncExternalStore } from 'react'
import { idleClient } from '../provider/idleClient.js'
import { useSyncClient } from './useSyncClient.js'

/** How fresh a table's rows are. */
export function useRealtimeStatus(table: string): { state: TableState; lastSyncedAt: number | null } {
  const { realtime } = useSyncClient()
  return useSyncExternalStore(
    realtime.subscribeState,
    () => realtime.getState(table),
    () => idleClient.realtime.getState(table),
  )
}
