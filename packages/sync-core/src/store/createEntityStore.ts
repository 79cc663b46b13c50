import { type BaseRow, baseRowSchema } from '@org/contracts/client'
import type { Report } from '../telemetry/report.js'
import type { EntityStore, RowState } from './EntityStore.js'
import { Overlays } from './Overlays.js'
import type { MergeOutcome } from './reconcile.js'
import { StoreSteps } from './StoreSteps.js'
import { createTableRows, type TableRows } from './tableRows.js'

/**
 * Makes the one place where server rows and pending mutations meet. Pure memory: what must survive
 * a reload is in the offline queue, and comes back as overlays.
 */
export function createEntityStore({ report }: { report: Report }): EntityStore {
  const tables = new Map<string, TableRows>()
  const steps = new StoreSteps(report)
  const overlays = new Overlays({ rowsOf, steps })

  function rowsOf(table: string): TableRows {
    const rows = tables.get(table) ?? createTableRows()
    tables.set(table, rows)
    return rows
  }

  function merge(state: RowState): MergeOutcome {
    const outcome = rowsOf(state.table).merge(state, steps.now)
    if (outcome === 'applied') steps.touch(state.table, state.id)
    // Also when the state itself is old: the base, being newer, then includes the effect as well.
    if (state.mutationKey !== null) overlays.cover(state.mutationKey, state.table, state.id)
    return outcome
  }

  function mergeRow(table: string, row: unknown): BaseRow | undefined {
    const parsed = baseRowSchema.safeParse(row)
    if (!parsed.success) {
      report('ROW_MALFORMED', `A row of "${table}" has no id or no version and was left out. Load full rows.`, { table })
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
    overlays.acknowledge(mutationId)
  }

  function touchEach(table: string, ids: readonly string[]): void {
    for (const id of ids) steps.touch(table, id)
  }

  function purge(): void {
    steps.touchAll(tables.keys())
    tables.clear()
    overlays.clear()
  }

  function dropBase(): void {
    for (const [table, rows] of tables) touchEach(table, rows.dropBase())
  }

  return {
    getRow: (table, id) => tables.get(table)?.view(id),
    subscribeRow: (table, id, listener) => steps.subscribeRow(table, id, listener),
    getRows: (table) => tables.get(table)?.views() ?? NO_ROWS,
    subscribeTable: (table, listener) => steps.subscribeTable(table, listener),
    addOverlay: (overlay) => steps.run(() => overlays.add(overlay)),
    dropOverlay: (id) => steps.run(() => overlays.fold(id)),
    acknowledge: (id, rows) => steps.run(() => acknowledge(id, rows)),
    ingest: (table, rows) => steps.run(() => rows.forEach((row) => void mergeRow(table, row))),
    applyChanges: (states) => steps.run(() => states.map(merge)),
    mark: () => steps.now,
    settleAcknowledged: (mark) => steps.run(() => overlays.settle(mark)),
    removeUnseen: (table, seen, mark) => steps.run(() => touchEach(table, rowsOf(table).removeUnseen(seen, mark))),
    forgetVersions: (table, ids) => rowsOf(table).forgetVersions(ids),
    dropBase: () => steps.run(dropBase),
    purge: () => steps.run(purge),
  }
}

const NO_ROWS: readonly never[] = Object.freeze([])
