'use client'
import type { RowView, SyncClient } from '@org/sync-core'
import { useCallback, useSyncExternalStore } from 'react'
import { watchTable } from './watchTable.js'

const getNothing = () => undefined

/** One row with its pending mutations folded in, kept up to date; renders again only when that row changed. */
export function useRow(client: SyncClient, table: string, id: string): RowView | undefined {
  const subscribe = useCallback(
    (listener: () => void) => {
      const release = watchTable(client, table)
      const unsubscribe = client.subscribeRow(table, id, listener)
      return () => {
        unsubscribe()
        release()
      }
    },
    [client, table, id],
  )
  return useSyncExternalStore(subscribe, () => client.getRow(table, id), getNothing)
}
