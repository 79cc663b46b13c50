'use client'
import type { RowView, SyncClient } from '@org/sync-core'
import { useEffect, useReducer } from 'react'
import { watchTable } from './watchTable.js'

/**
 * One row with its pending mutations folded in, kept up to date; renders again only when that row changed.
 *
 * Not `useSyncExternalStore`: it leaves an effect at each change, for which React passes twice more over all
 * the rows beside this one. The client itself is read with it, so a hydrating row is the server's.
 */
export function useRow(client: SyncClient, table: string, id: string): RowView | undefined {
  const row = client.getRow(table, id)
  const [, renderAgain] = useReducer((renderings: number) => renderings + 1, 0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `row` is what was shown when the subscription begins
  useEffect(() => {
    const release = watchTable(client, table)
    const unsubscribe = client.subscribeRow(table, id, renderAgain)
    // It may have changed between rendering and now.
    if (client.getRow(table, id) !== row) renderAgain()
    return () => {
      unsubscribe()
      release()
    }
  }, [client, table, id])
  return row
}
