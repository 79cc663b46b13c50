import type { RowView } from './RowView.js'

type BaseRow = RowView['row']

/** Rows as this tab saw them last, and when (epoch ms). */
export interface RememberedRows {
  at: number
  rows: readonly BaseRow[]
}

/** Whose rows: another user's are never shown. */
export interface Owner {
  tenant: string
  actor: string
}

const keyOf = (table: string, { tenant, actor }: Owner) => `rows:${table}:${tenant}:${actor}`

/** Keeps rows over a reload of this tab, so that a page opened without a network is not empty. Best effort. */
export function rememberRows(table: string, owner: Owner, rows: readonly BaseRow[], storage: Storage = sessionStorage): void {
  try {
    storage.setItem(keyOf(table, owner), JSON.stringify({ at: Date.now(), rows } satisfies RememberedRows))
  } catch {
    // A full storage costs the list after an offline reload, never a click.
    storage.removeItem(keyOf(table, owner))
  }
}

/** What {@link rememberRows} kept; null when there is nothing readable. */
export function recallRows(table: string, owner: Owner, storage: Storage = sessionStorage): RememberedRows | null {
  try {
    const kept = JSON.parse(storage.getItem(keyOf(table, owner)) ?? 'null') as Partial<RememberedRows> | null
    return typeof kept?.at === 'number' && Array.isArray(kept.rows) ? { at: kept.at, rows: kept.rows } : null
  } catch {
    return null
  }
}
