'use client'
import type { BaseRow } from '@org/contracts'
import type { RowOrigin, TableState } from '@org/sync-core'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { idleClient } from '../provider/idleClient.js'
import { useSyncClient } from './useSyncClient.js'

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
        if (event.new === null || isOwn(event.origin, client.getMutation)) return
        setChange({ key: `${table}/${id}`, row: event.new, origin: event.origin })
      },
      { id },
    )
  }, [client, table, id])

  const { state, lastSyncedAt } = useSyncExternalStore(
    client.realtime.subscribeState,
    () => client.realtime.getState(table),
    () => idleClient.realtime.getState(table),
  )
  const shown = change?.key === key ? change : undefined
  return { row: shown?.row ?? null, origin: shown?.origin ?? null, status: state, lastSyncedAt }
}

function isOwn({ ownTab, mutationKey }: RowOrigin, getMutation: (id: string) => { ownTab: boolean } | undefined): boolean {
  if (ownTab !== undefined) return ownTab
  return mutationKey !== null && getMutation(mutationKey)?.ownTab === true
}
