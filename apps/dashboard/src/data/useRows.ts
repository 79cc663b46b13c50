import { type AppointmentRow, type LeadRow, useSyncClient } from '@org/critical-buttons'
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { RowView } from './RowView.js'
import { type Owner, recallRows, rememberRows } from './rememberedRows.js'

export type { AppointmentRow, LeadRow }

/** A table's rows with clicks that are under way folded in; `isPending` tells which rows those are about. */
export type RowsState<Row = unknown> = { rows: readonly Row[]; isPending: (id: string) => boolean; reload: () => void } & (
  | { status: 'loading' | 'ready' }
  | { status: 'remembered'; rememberedAt: number }
  | { status: 'error'; reason: string }
)

// Why nothing was read yet, by the state of the table's subscription.
const REASONS: Readonly<Record<string, string>> = {
  denied: 'You may not read them. Sign in as somebody else.',
  offline: 'The server cannot be reached. We keep trying.',
  // It was reached, and what it answered is no list.
  stale: 'Something is wrong on the server. We keep trying.',
}

/** Follows all rows of a table; after a reload without a network, as they were seen last. */
export function useRows<Row>(table: 'appointments' | 'leads'): RowsState<Row> {
  const client = useSyncClient()
  const views = useSyncExternalStore(
    (listener) => client.subscribeTable(table, listener),
    () => client.getRows(table),
  )
  const { state, lastSyncedAt } = useSyncExternalStore(
    (listener) => client.realtime.subscribeState(listener),
    () => client.realtime.getState(table),
  )
  // Hearing of changes is what makes the client read the table and keep it fresh.
  useEffect(() => client.realtime.subscribe(table, () => {}), [client, table])
  const rememberedAt = useRememberedRows(table, lastSyncedAt !== null)
  const rows = useMemo(() => views.map(({ row }) => row as unknown as Row), [views])
  const pending = useMemo(() => new Set(views.filter(({ pendingIds }) => pendingIds.length > 0).map(({ row }) => row.id)), [views])
  const common = { rows, isPending: (id: string) => pending.has(id), reload: () => void client.refreshIdentity() }
  if (lastSyncedAt !== null) return { status: 'ready', ...common }
  if (rows.length > 0 && rememberedAt !== null) return { status: 'remembered', rememberedAt, ...common }
  const reason = REASONS[state]
  if (reason !== undefined) return { status: 'error', ...common, reason }
  return { status: 'loading', ...common }
}

/** Gives the client the rows of the last visit until it has read its own, and keeps its own for the next. */
function useRememberedRows(table: string, synced: boolean): number | null {
  const client = useSyncClient()
  const identity = useSyncExternalStore(
    (listener) => client.subscribeIdentity(listener),
    () => client.getIdentity(),
  )
  const [rememberedAt, setRememberedAt] = useState<number | null>(null)
  const owner = useMemo<Owner | null>(() => ('actor' in identity ? { actor: identity.actor, tenant: identity.tenant } : null), [identity])
  useEffect(() => {
    setRememberedAt(null)
    const kept = owner && recallRows(table, owner)
    if (!kept) return
    client.ingest(table, kept.rows)
    setRememberedAt(kept.at)
  }, [client, table, owner])
  useEffect(() => {
    if (!owner || !synced) return
    const keep = () => rememberRows(table, owner, baseRows(client.getRows(table)))
    window.addEventListener('pagehide', keep)
    return () => window.removeEventListener('pagehide', keep)
  }, [client, table, owner, synced])
  return rememberedAt
}

// Only what the server said: a click under way is kept by the offline queue.
function baseRows(views: readonly RowView[]): RowView['row'][] {
  return views.flatMap(({ base }) => (base ? [base] : []))
}
