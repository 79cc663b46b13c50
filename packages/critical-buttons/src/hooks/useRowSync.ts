'use client'
import type { BaseRow } from '@org/contracts/client'
import type { RowOrigin, SyncClient, TableState } from '@org/sync-core'
import { useEffect, useState } from 'react'
import { useIdentity, userIn } from './useIdentity.js'
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
  client: SyncClient
  key: string
  row: BaseRow
  origin: RowOrigin
}

/** Listens to one row of any table for changes that this tab did not make. */
export function useRowSync(table: string, id: string): RowSync {
  const client = useSyncClient()
  // What was told to one user, or by one client, is no news to the next.
  const key = JSON.stringify([userIn(useIdentity(client)), table, id])
  const [change, setChange] = useState<ForeignChange>()

  useEffect(() => {
    return client.realtime.subscribe(
      table,
      (event) => {
        if (event.new === null || event.origin.ownTab) return
        setChange({ client, key, row: event.new, origin: event.origin })
      },
      { id },
    )
  }, [client, table, id, key])

  const { state, lastSyncedAt } = useTableState(client, table)
  const shown = change?.client === client && change.key === key ? change : undefined
  return { row: shown?.row ?? null, origin: shown?.origin ?? null, status: state, lastSyncedAt }
}
