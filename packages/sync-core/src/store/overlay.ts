import type { BaseRow, RowPatch } from '@org/contracts/client'
import type { RowView } from '../SyncClient.js'

/** The provisional changes of one pending mutation. */
export interface Overlay {
  /** The idempotency key. */
  readonly id: string
  /** Position in the queue; absent until it is stored, which sorts it last (then by id, a UUIDv7). */
  readonly seq?: number | undefined
  readonly patches: readonly RowPatch[]
}

/** One mutation's provisional change of one row. */
export interface PendingPatch {
  readonly id: string
  readonly seq: number | undefined
  readonly patch: Readonly<Record<string, unknown>>
}

/** Queue order. A mutation without a `seq` was clicked after all that have one. */
function compare(a: PendingPatch, b: PendingPatch): number {
  const bySeq = (a.seq ?? Number.MAX_SAFE_INTEGER) - (b.seq ?? Number.MAX_SAFE_INTEGER)
  if (bySeq !== 0) return bySeq
  if (a.id === b.id) return 0
  return a.id < b.id ? -1 : 1
}

/** `patches` with `added` at its place; the sort is stable, so two patches of one mutation keep their order. */
export function inOrder(patches: readonly PendingPatch[], added: readonly PendingPatch[]): readonly PendingPatch[] {
  return [...patches, ...added].sort(compare)
}

/**
 * Folds pending patches over a base row. Folding anew is what makes a failure harmless: the failed patch
 * is left out, and nothing restores what the row looked like before the click.
 * @param base undefined when the server's row is not known; the view then holds the patches alone, version 0
 */
export function foldRow(id: string, base: BaseRow | undefined, patches: readonly PendingPatch[]): RowView | undefined {
  if (patches.length === 0) return base && { row: base, base, pendingIds: NONE }
  const row = Object.assign({}, base, ...patches.map(({ patch }) => patch), { id, version: base?.version ?? 0 }) as BaseRow
  return { row, base, pendingIds: [...new Set(patches.map((pending) => pending.id))] }
}

const NONE: readonly string[] = Object.freeze([])
