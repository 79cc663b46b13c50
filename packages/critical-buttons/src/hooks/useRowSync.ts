'use client'
import type { BaseRow } from '@org/contracts/client'
import type { RowOrigin, TableState } from '@org/sync-core'
import { useEffect, useState } from 'react'
import { useSyncClient } from './useSyncClient.js'
import { useTableState } from './useTableState.js'

/** The last change that came from elsewhere. */
export interface RowSync {
  /** Null until someone else, or another session, changes the row after mount; then it keeps its identity until the next change. */
  row: BaseRow | null
  origin: RowOrigin | null
  /** How fresh the table is. */
  status: TableState
  /** Epoch ms. */
  lastSyncedAt: number | null
}

interface ForeignChange {
  key: string
  row: BaseRow
  origin: RowOrigin
}

/** Listens to one row of any table for changes that this tab did not make. */
export function useRowSync(table: string, id: string): RowSync {
  const client = useSyncClient()
  const key = `${table}/${id}`
  const [change, setChange] = useState<ForeignChange>()

  useEffect(() => {
    return client.realtime.subscribe(
      table,
      (event) => {
        if (event.new === null || event.origin.ownTab) return
        setChange({ key: `${table}/${id}`, row: event.new, origin: event.origin })
      },
      { id },
    )
  }, [client, table, id])

  const { state, lastSyncedAt } = useTableState(client, table)
  const shown = change?.key === key ? change : undefined
  return { row: shown?.row ?? null, origin: shown?.origin ?? null, status: state, lastSyncedAt }
}
