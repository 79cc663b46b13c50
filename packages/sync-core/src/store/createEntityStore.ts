import { type BaseRow, baseRowSchema } from '@org/contracts/client'
import type { Report } from '../telemetry/report.js'
import type { EntityStore, RowState, StoreMark } from './EntityStore.js'
import { createListeners } from './listeners.js'
import { inOrder, type Overlay, type PendingPatch } from './overlay.js'
import { createCoveredRows, type PendingMutation, patchesByRow, rowRef } from './pendingMutations.js'
import type { MergeOutcome } from './reconcile.js'
import { createTableRows, type TableRows } from './tableRows.js'

/**
 * Makes the one place where server rows and pending mutations meet. Pure memory: what must survive
 * a reload is in the offline queue, and comes back as overlays.
 */
export function createEntityStore({ report }: { report: Report }): EntityStore {
  const tables = new Map<string, TableRows>()
  const pending = new Map<string, PendingMutation>()
  const covered = createCoveredRows()
  const rowListeners = createListeners(report)
  const tableListeners = createListeners(report)
  let steps: StoreMark = 0
  let touched = new Map<string, Set<string>>()

  function tableOf(name: string): TableRows {
    let rows = tables.get(name)
    if (!rows) {
      rows = createTableRows()
      tables.set(name, rows)
    }
    return rows
  }

  function touch(table: string, id: string): void {
    const ids = touched.get(table)
    if (ids) ids.add(id)
    else touched.set(table, new Set([id]))
  }

  /** One step: all of `change` is applied before the first listener looks. */
  function step<T>(change: () => T): T {
    steps += 1
    const result = change()
    const told = touched
    touched = new Map()
    for (const [table, ids] of told) {
      for (const id of ids) rowListeners.run(rowRef(table, id))
      tableListeners.run(table)
    }
    return result
  }

  function merge(state: RowState): MergeOutcome {
    const outcome = tableOf(state.table).merge(state, steps)
    if (outcome === 'applied') touch(state.table, state.id)
    // Also when the state itself is old: the base, being newer, then includes the effect as well.
    if (state.mutationKey !== null) cover(state.mutationKey, state.table, state.id)
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

  function cover(mutationId: string, table: string, id: string): void {
    const ref = rowRef(table, id)
    const mutation = pending.get(mutationId)
    if (!mutation?.rows.delete(ref)) return
    covered.add(mutationId, ref)
    removePatches(mutationId, table, id)
    if (mutation.rows.size === 0) pending.delete(mutationId)
  }

  function removePatches(mutationId: string, table: string, id: string): void {
    if (tableOf(table).setPatches(id, (patches) => patches.filter((patch) => patch.id !== mutationId))) touch(table, id)
  }

  function fold(mutationId: string): void {
    const mutation = pending.get(mutationId)
    pending.delete(mutationId)
    for (const [patch] of mutation?.rows.values() ?? []) if (patch) removePatches(mutationId, patch.table, patch.id)
  }

  function show({ id: mutationId, seq }: Overlay, rows: PendingMutation['rows']): void {
    for (const [ref, patches] of rows) {
      const { table, id } = patches[0]!
      if (covered.has(mutationId, ref) || tableOf(table).wroteBase(id, mutationId)) {
        rows.delete(ref)
        continue
      }
      const added = patches.map(({ patch }) => ({ id: mutationId, seq, patch }))
      const isOther = (patch: PendingPatch) => patch.id !== mutationId
      if (tableOf(table).setPatches(id, (present) => inOrder(present.filter(isOther), added))) touch(table, id)
    }
  }

  function addOverlay(overlay: Overlay): void {
    const known = pending.get(overlay.id)
    if (known && (overlay.seq === undefined || known.seq === overlay.seq)) return
    const mutation = known ?? { seq: overlay.seq, rows: patchesByRow(overlay.patches), acknowledgedAt: undefined }
    mutation.seq = overlay.seq
    show(overlay, mutation.rows)
    if (mutation.rows.size > 0) pending.set(overlay.id, mutation)
  }

  function acknowledge(id: string, rows: readonly { table: string; row: unknown }[]): void {
    for (const { table, row } of rows) {
      const full = mergeRow(table, row)
      if (!full) continue
      covered.add(id, rowRef(table, full.id))
      cover(id, table, full.id)
    }
    const left = pending.get(id)
    if (left) left.acknowledgedAt = steps
  }

  function settleAcknowledged(mark: StoreMark): void {
    for (const [id, { acknowledgedAt, rows }] of [...pending]) {
      if (acknowledgedAt === undefined || acknowledgedAt > mark) continue
      for (const ref of rows.keys()) covered.add(id, ref)
      fold(id)
    }
  }

  function removeUnseen(table: string, seenIds: ReadonlySet<string>, mark: StoreMark): void {
    for (const id of tableOf(table).removeUnseen(seenIds, mark)) touch(table, id)
  }

  function purge(): void {
    for (const ref of rowListeners.keys()) {
      const [table = '', ...id] = ref.split('\n')
      touch(table, id.join('\n'))
    }
    for (const table of [...tables.keys(), ...tableListeners.keys()]) if (!touched.has(table)) touched.set(table, new Set())
    tables.clear()
    pending.clear()
    covered.clear()
  }

  function dropBase(): void {
    for (const [table, rows] of tables) for (const id of rows.dropBase()) touch(table, id)
  }

  return {
    getRow: (table, id) => tables.get(table)?.view(id),
    subscribeRow: (table, id, listener) => rowListeners.add(rowRef(table, id), listener),
    getRows: (table) => tables.get(table)?.views() ?? NO_ROWS,
    subscribeTable: (table, listener) => tableListeners.add(table, listener),
    addOverlay: (overlay) => step(() => addOverlay(overlay)),
    dropOverlay: (id) => step(() => fold(id)),
    acknowledge: (id, rows) => step(() => acknowledge(id, rows)),
    ingest: (table, rows) => step(() => rows.forEach((row) => void mergeRow(table, row))),
    applyChanges: (states) => step(() => states.map(merge)),
    mark: () => steps,
    settleAcknowledged: (mark) => step(() => settleAcknowledged(mark)),
    removeUnseen: (table, seenIds, mark) => step(() => removeUnseen(table, seenIds, mark)),
    forgetVersions: (table, ids) => tableOf(table).forgetVersions(ids),
    dropBase: () => step(dropBase),
    purge: () => step(purge),
  }
}

const NO_ROWS: readonly never[] = Object.freeze([])
