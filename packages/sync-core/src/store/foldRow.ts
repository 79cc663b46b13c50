import type { BaseRow } from '@org/contracts/client'
import type { RowView } from '../SyncClient.js'

/** A pending mutation as the store knows it. */
export interface PendingMutation {
  /** The idempotency key. */
  readonly id: string
  /** Position in the queue; undefined until it is stored. */
  seq: number | undefined
  /** Its patches that no full row has covered yet, by row. */
  readonly patches: Map<string, PendingPatch>
  /** A moment of the store: since then the server has said yes. */
  acknowledgedAt: number | undefined
}

/** Its provisional change of one row. */
export interface PendingPatch {
  readonly mutation: PendingMutation
  readonly table: string
  readonly id: string
  readonly patch: Readonly<Record<string, unknown>>
}

/** Queue order. A mutation without a `seq` was clicked after all that have one; then the keys decide (UUIDv7). */
export function byQueue({ mutation: one }: PendingPatch, { mutation: other }: PendingPatch): number {
  return (one.seq ?? Number.MAX_SAFE_INTEGER) - (other.seq ?? Number.MAX_SAFE_INTEGER) || (one.id < other.id ? -1 : 1)
}

/**
 * Folds pending patches over a base row. Folding anew is what makes a failure harmless: the failed patch
 * is left out, and nothing restores what the row looked like before the click.
 * @param base undefined when the server's row is not known; the view then holds the patches alone, version 0
 */
export function foldRow(id: string, base: BaseRow | undefined, patches: readonly PendingPatch[]): RowView | undefined {
  if (patches.length === 0) return base && { row: base, base, pendingIds: NONE }
  const row = Object.assign({}, base, ...patches.map(({ patch }) => patch), { id, version: base?.version ?? 0 }) as BaseRow
  return { row, base, pendingIds: patches.map(({ mutation }) => mutation.id) }
}

const NONE: readonly string[] = Object.freeze([])
