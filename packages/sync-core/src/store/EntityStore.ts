import type { BaseRow, RowPatch } from '@org/contracts/client'
import type { RowView } from '../SyncClient.js'
import type { MergeOutcome } from './reconcile.js'

/** The provisional changes of one pending mutation. */
export interface Overlay {
  /** The idempotency key. */
  readonly id: string
  /** Position in the queue; absent until it is stored, which sorts it last (then by id, a UUIDv7). */
  readonly seq?: number | undefined
  readonly patches: readonly RowPatch[]
}

/** One committed state of one row: the full row, or a tombstone (`row: null`). */
export interface RowState {
  readonly table: string
  readonly id: string
  readonly version: number
  readonly row: BaseRow | null
  /** The mutation that wrote it, when known. Its overlay on this row goes in the same step. */
  readonly mutationKey: string | null
}

/** A moment in the store's life; later steps have higher marks. */
export type StoreMark = number

/** What the server is known to have of one row. */
export interface KnownRow {
  /** Undefined when never seen, or deleted. */
  base: BaseRow | undefined
  /** Of the base or the tombstone; undefined when never seen. */
  version: number | undefined
  /** When the base entered. */
  enteredAt: StoreMark
}

/** What changes of a known row; undefined: nothing. */
export type JudgeRow = (id: string, known: Readonly<KnownRow>) => Partial<KnownRow> | undefined

/**
 * Base rows by table and id, with pending mutations folded over them. Every `get…` keeps the identity
 * of its result until something in it changed; listeners run after the whole step has been applied.
 */
export interface EntityStore {
  /** The folded row. Undefined when neither base nor overlay is known, or the row was deleted. */
  getRow(table: string, id: string): RowView | undefined
  subscribeRow(table: string, id: string, listener: () => void): () => void
  /** All rows with a base, in the order they were first seen; an overlay alone makes no row here. */
  getRows(table: string): readonly RowView[]
  subscribeTable(table: string, listener: () => void): () => void

  /** Adds a pending mutation's patches, or tells its `seq`. Idempotent; other tabs' mutations too. */
  addOverlay(overlay: Overlay): void
  /** Folds a mutation away: rejected, cancelled, discarded. What is left is folded again over the base. */
  dropOverlay(id: string): void
  /**
   * A mutation succeeded, and `rows` are the full rows of its answer. In one step they enter base and its
   * overlays on them go. A patch on a row the answer lacks stays until an event with this key, or until a
   * catch-up that began after now has ended. After a partial answer (bulk) call `dropOverlay` as well.
   */
  acknowledge(id: string, rows: readonly { table: string; row: unknown }[]): void

  /** Merges full rows (a host's load, a snapshot page, a refusal's current row). What is no row is reported and skipped. */
  ingest(table: string, rows: readonly unknown[]): void
  /** Merges committed states by version, in one step; one outcome each. */
  applyChanges(states: readonly RowState[]): readonly MergeOutcome[]

  /** The present moment, to be given to `settleAcknowledged` later, or compared with when a row entered. */
  mark(): StoreMark
  /** A catch-up that began at `mark` has ended: whatever was acknowledged before it is in base by now. */
  settleAcknowledged(mark: StoreMark): void
  /** What is true of each known row from now on. @param table left out: of every table */
  revise(judge: JudgeRow, table?: string): void
  /** Forgets everything, overlays too: another person is here. */
  purge(): void
  /** Whether rows may be seen at all has changed: everyone looks again. */
  tellAll(): void
}
