'use client'
import type { RowView, SyncClient } from '@org/sync-core'
import { useCallback, useSyncExternalStore } from 'react'

const getNothing = () => undefined

/** One row with its pending mutations folded in; renders again only when that row changed. */
export function useRow(client: SyncClient, table: string, id: string): RowView | undefined {
  const subscribe = useCallback((listener: () => void) => client.subscribeRow(table, id, listener), [client, table, id])
  const getSnapshot = () => client.getRow(table, id)
  return useSyncExternalStore(subscribe, getSnapshot, getNothing)
}
