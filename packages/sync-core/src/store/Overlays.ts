import type { StoreMark } from './EntityStore.js'
import { inOrder, type Overlay, type PendingPatch } from './overlay.js'
import { createCoveredRows, type PendingMutation, patchesByRow, rowRef } from './pendingMutations.js'
import type { StoreSteps } from './StoreSteps.js'
import type { TableRows } from './tableRows.js'

export interface OverlaysOptions {
  rowsOf: (table: string) => TableRows
  steps: StoreSteps
}

/** The pending mutations' patches over the rows: shown until a full row covers them, or until the mutation comes to nothing. */
export class Overlays {
  readonly #options: OverlaysOptions
  readonly #pending = new Map<string, PendingMutation>()
  readonly #covered = createCoveredRows()

  constructor(options: OverlaysOptions) {
    this.#options = options
  }

  /** Shows a mutation's patches, or learns its place in the queue. */
  add(overlay: Overlay): void {
    const known = this.#pending.get(overlay.id)
    if (known && (overlay.seq === undefined || known.seq === overlay.seq)) return
    const mutation = known ?? { seq: overlay.seq, rows: patchesByRow(overlay.patches), acknowledgedAt: undefined }
    mutation.seq = overlay.seq
    this.#show(overlay, mutation.rows)
    if (mutation.rows.size > 0) this.#pending.set(overlay.id, mutation)
  }

  /** A full row that includes the mutation's effect has entered. */
  cover(mutationId: string, table: string, id: string): void {
    const ref = rowRef(table, id)
    const mutation = this.#pending.get(mutationId)
    if (!mutation?.rows.delete(ref)) return
    this.#covered.add(mutationId, ref)
    this.#removePatches(mutationId, table, id)
    if (mutation.rows.size === 0) this.#pending.delete(mutationId)
  }

  /** As `cover`, and so for an overlay of it that comes later. */
  coverForGood(mutationId: string, table: string, id: string): void {
    this.#covered.add(mutationId, rowRef(table, id))
    this.cover(mutationId, table, id)
  }

  /** The server said yes. What its answer's rows did not cover waits for an event or a catch-up. */
  acknowledge(mutationId: string): void {
    const left = this.#pending.get(mutationId)
    if (left) left.acknowledgedAt = this.#options.steps.now
  }

  /** Whatever was acknowledged at or before `mark` is in base by now. */
  settle(mark: StoreMark): void {
    for (const [id, { acknowledgedAt, rows }] of [...this.#pending]) {
      if (acknowledgedAt === undefined || acknowledgedAt > mark) continue
      for (const ref of rows.keys()) this.#covered.add(id, ref)
      this.fold(id)
    }
  }

  /** Takes the mutation's patches away. */
  fold(mutationId: string): void {
    const mutation = this.#pending.get(mutationId)
    this.#pending.delete(mutationId)
    for (const [patch] of mutation?.rows.values() ?? []) if (patch) this.#removePatches(mutationId, patch.table, patch.id)
  }

  clear(): void {
    this.#pending.clear()
    this.#covered.clear()
  }

  #show({ id: mutationId, seq }: Overlay, rows: PendingMutation['rows']): void {
    const { rowsOf } = this.#options
    for (const [ref, patches] of rows) {
      const { table, id } = patches[0]!
      if (this.#covered.has(mutationId, ref) || rowsOf(table).wroteBase(id, mutationId)) {
        rows.delete(ref)
        continue
      }
      const added = patches.map(({ patch }) => ({ id: mutationId, seq, patch }))
      const isOther = (patch: PendingPatch) => patch.id !== mutationId
      this.#setPatches(table, id, (present) => inOrder(present.filter(isOther), added))
    }
  }

  #removePatches(mutationId: string, table: string, id: string): void {
    this.#setPatches(table, id, (patches) => patches.filter((patch) => patch.id !== mutationId))
  }

  #setPatches(table: string, id: string, change: (patches: readonly PendingPatch[]) => readonly PendingPatch[]): void {
    const { rowsOf, steps } = this.#options
    if (rowsOf(table).setPatches(id, change)) steps.touch(table, id)
  }
}
