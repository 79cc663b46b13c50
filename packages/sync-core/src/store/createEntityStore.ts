import { type BaseRow, baseRowSchema } from '@org/contracts/client'
import type { Report } from '../telemetry/report.js'
import type { EntityStore, RowState, StoreMark } from './EntityStore.js'
import { createListeners } from './listeners.js'
import { Overlays } from './Overlays.js'
import type { MergeOutcome } from './reconcile.js'
import { rowRef } from './rowRef.js'
import { TableRows } from './TableRows.js'

const NO_ROWS: readonly never[] = Object.freeze([])

/**
 * Makes the one place where server rows and pending mutations meet. Pure memory: what must survive
 * a reload is in the offline queue, and comes back as overlays.
 */
export function createEntityStore({ report }: { report: Report }): EntityStore {
  const tables = new Map<string, TableRows>()
  const overlays = new Overlays(rowsOf)
  /** By row and by table. */
  const listeners = createListeners(report)
  let now: StoreMark = 0
  let touched = new Set<string>()

  /** All of a step is applied before the first listener looks. */
  function step<T>(change: () => T): T {
    now += 1
    const result = change()
    const told = touched
    touched = new Set()
    for (const key of told) listeners.run(key)
    return result
  }

  function rowsOf(table: string): TableRows {
    const rows = tables.get(table) ?? new TableRows((id) => touched.add(rowRef(table, id)).add(table))
    tables.set(table, rows)
    return rows
  }

  function merge(state: RowState): MergeOutcome {
    const outcome = rowsOf(state.table).merge(state, now)
    // Also when the state itself is old: the base, being newer, then includes the effect as well.
    if (state.mutationKey !== null) overlays.cover(state.mutationKey, state.table, state.id)
    return outcome
  }

  function mergeRow(table: string, row: unknown): BaseRow | undefined {
    const parsed = baseRowSchema.safeParse(row)
    if (!parsed.success) {
      report('ROW_MALFORMED', { table })
      return undefined
    }
    const full = parsed.data as BaseRow
    merge({ table, id: full.id, version: full.version, row: full, mutationKey: full.last_mutation_key ?? null })
    return full
  }

  function acknowledge(mutationId: string, rows: readonly { table: string; row: unknown }[]): void {
    for (const { table, row } of rows) {
      const full = mergeRow(table, row)
      if (full) overlays.coverForGood(mutationId, table, full.id)
    }
    overlays.acknowledge(mutationId, now)
  }

  function touchAll(): void {
    touched = new Set(listeners.keys())
  }

  function purge(): void {
    touchAll()
    tables.clear()
    overlays.clear()
  }

  return {
    getRow: (table, id) => tables.get(table)?.view(id),
    subscribeRow: (table, id, listener) => listeners.add(rowRef(table, id), listener),
    getRows: (table) => tables.get(table)?.views() ?? NO_ROWS,
    subscribeTable: (table, listener) => listeners.add(table, listener),
    addOverlay: (overlay) => step(() => overlays.add(overlay)),
    dropOverlay: (id) => step(() => overlays.fold(id)),
    acknowledge: (id, rows) => step(() => acknowledge(id, rows)),
    ingest: (table, rows) => step(() => rows.forEach((row) => void mergeRow(table, row))),
    applyChanges: (states) => step(() => states.map(merge)),
    mark: () => now,
    settleAcknowledged: (mark) => step(() => overlays.settle(mark)),
    revise: (judge, only) =>
      step(() => {
        for (const [table, rows] of tables) if (only === undefined || only === table) rows.revise(judge)
      }),
    purge: () => step(purge),
    tellAll: () => step(touchAll),
  }
}
