import type { RowPatch } from '@org/contracts/client'
import type { StoreMark } from './EntityStore.js'

/** A row as a map key. Table names hold no line break, so two rows never share one. */
export function rowRef(table: string, id: string): string {
  return `${table}\n${id}`
}

export interface PendingMutation {
  seq: number | undefined
  /** Its patches that no full row has covered yet, by row. */
  readonly rows: Map<string, readonly RowPatch[]>
  /** Set once the server said yes. */
  acknowledgedAt: StoreMark | undefined
}

/** Patches per row, in the order they were given. */
export function patchesByRow(patches: readonly RowPatch[]): Map<string, readonly RowPatch[]> {
  const byRow = new Map<string, readonly RowPatch[]>()
  for (const patch of patches) {
    const ref = rowRef(patch.table, patch.id)
    byRow.set(ref, [...(byRow.get(ref) ?? []), patch])
  }
  return byRow
}

/** Which (mutation, row) pairs a full row already covers. Bounded: the oldest pair is forgotten first. */
export interface CoveredRows {
  add(mutationId: string, ref: string): void
  has(mutationId: string, ref: string): boolean
  clear(): void
}

// Far more than may be in flight between two tabs; a forgotten pair costs an overlay shown until its acknowledgement.
const REMEMBERED = 5_000

export function createCoveredRows(limit = REMEMBERED): CoveredRows {
  const pairs = new Set<string>()
  const pairOf = (mutationId: string, ref: string) => `${mutationId}\n${ref}`
  return {
    add: (mutationId, ref) => {
      pairs.add(pairOf(mutationId, ref))
      const [oldest] = pairs.size > limit ? pairs : []
      if (oldest !== undefined) pairs.delete(oldest)
    },
    has: (mutationId, ref) => pairs.has(pairOf(mutationId, ref)),
    clear: () => pairs.clear(),
  }
}
