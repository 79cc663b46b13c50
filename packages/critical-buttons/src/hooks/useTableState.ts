'use client'
import type { SyncClient, TableState } from '@org/sync-core'
import { useCallback, useSyncExternalStore } from 'react'
import { idleClient } from '../provider/idleClient.js'

/** How fresh a table's rows are. */
export function useTableState({ realtime }: SyncClient, table: string): { state: TableState; lastSyncedAt: number | null } {
  const subscribe = useCallback((listener: () => void) => realtime.subscribeState(listener), [realtime])
  return useSyncExternalStore(
    subscribe,
    () => realtime.getState(table),
    () => idleClient.realtime.getState(table),
  )
}
