'use client'
import type { TableState } from '@org/sync-core'
import { useSyncClient } from './useSyncClient.js'
import { useTableState } from './useTableState.js'

/** How fresh the rows of a table are. It only looks: whoever shows the rows keeps them coming. */
export function useRealtimeStatus(table: string): { state: TableState; lastSyncedAt: number | null } {
  return useTableState(useSyncClient(), table)
}
