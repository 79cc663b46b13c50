import type { Overlay, StoreMark } from './EntityStore.js'
import type { PendingMutation } from './foldRow.js'
import { rowRef } from './rowRef.js'
import type { TableRows } from './TableRows.js'

// Far more than may be in flight between two tabs; a forgotten pair costs an overlay shown until its acknowledgement.
const REMEMBERED = 5_000

/** The pending mutations' patches over the rows: shown until a full row covers them, or until the mutation comes to nothing. */
export class Overlays {
  readonly #rowsOf: (table: string) => TableRows
  readonly #pending = new Map<string, PendingMutation>()
  /** (mutation, row) pairs that a full row already covers. The oldest is forgotten first. */
  readonly #covered = new Set<string>()

  constructor(rowsOf: (table: string) => TableRows) {
    this.#rowsOf = rowsOf
  }

  /** Shows a mutation's patches, or learns its place in the queue. */
  add({ id, seq, patches }: Overlay): void {
    const known = this.#pending.get(id)
    if (known !== undefined && seq === undefined) return
    const mutation = known ?? this.#pendingOf(id, patches)
    mutation.seq = seq
    for (const patch of mutation.patches.values()) this.#rowsOf(patch.table).lay(patch)
    if (mutation.patches.size > 0) this.#pending.set(id, mutation)
  }

  /** A full row that includes the mutation's effect has entered. */
  cover(mutationId: string, table: string, id: string): void {
    const mutation = this.#pending.get(mutationId)
    const patch = mutation?.patches.get(rowRef(table, id))
    if (mutation === undefined || patch === undefined) return
    this.#remember(mutationId, table, id)
    mutation.patches.delete(rowRef(table, id))
    this.#rowsOf(table).lift(patch)
    if (mutation.patches.size === 0) this.#pending.delete(mutationId)
  }

  /** As `cover`, and so for an overlay of it that comes later. */
  coverForGood(mutationId: string, table: string, id: string): void {
    this.#remember(mutationId, table, id)
    this.cover(mutationId, table, id)
  }

  /** The server said yes. What its answer's rows did not cover waits for an event or a catch-up. */
  acknowledge(mutationId: string, now: StoreMark): void {
    const left = this.#pending.get(mutationId)
    if (left) left.acknowledgedAt = now
  }

  /** Whatever was acknowledged at or before `mark` is in base by now. */
  settle(mark: StoreMark): void {
    for (const { id: mutationId, acknowledgedAt, patches } of this.#pending.values()) {
      if (acknowledgedAt === undefined || acknowledgedAt > mark) continue
      for (const { table, id } of patches.values()) this.cover(mutationId, table, id)
    }
  }

  /** Takes the mutation's patches away. */
  fold(mutationId: string): void {
    const patches = this.#pending.get(mutationId)?.patches.values() ?? []
    this.#pending.delete(mutationId)
    for (const patch of patches) this.#rowsOf(patch.table).lift(patch)
  }

  clear(): void {
    this.#pending.clear()
    this.#covered.clear()
  }

  #pendingOf(mutationId: string, patches: Overlay['patches']): PendingMutation {
    const mutation: PendingMutation = { id: mutationId, seq: undefined, patches: new Map(), acknowledgedAt: undefined }
    for (const { table, id, patch } of patches) {
      const ref = rowRef(table, id)
      if (this.#covered.has(`${mutationId}\n${ref}`) || this.#rowsOf(table).wroteBase(id, mutationId)) continue
      // A second patch of the same row goes over the first.
      mutation.patches.set(ref, { mutation, table, id, patch: { ...mutation.patches.get(ref)?.patch, ...patch } })
    }
    return mutation
  }

  #remember(mutationId: string, table: string, id: string): void {
    this.#covered.add(`${mutationId}\n${rowRef(table, id)}`)
    const [oldest] = this.#covered
    if (this.#covered.size > REMEMBERED) this.#covered.delete(oldest!)
  }
}
