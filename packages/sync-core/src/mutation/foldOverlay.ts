import type { AnyAction } from '@org/contracts/client'
import type { RecordChange } from '../queue/Records.js'
import type { EntityStore } from '../store/EntityStore.js'
import type { MutationRecord } from './MutationRecord.js'
import { isBulk, isPending, isUnread, resultOf } from './mutationState.js'

/**
 * Keeps the store's overlays equal to the queue: what is still expected to come true is folded over its row; what
 * is not, is folded away; a success brings the rows of its answer.
 */
export function foldOverlay(
  { before, after }: RecordChange,
  store: EntityStore,
  findAction: (name: string) => AnyAction | undefined,
): void {
  const record = after ?? before
  const action = record && findAction(record.action)
  if (record === undefined || action === undefined || isBulk(record)) return
  if (after !== undefined && isPending(after)) {
    const isShown = before !== undefined && isPending(before) && before.seq === after.seq
    if (!isShown) store.addOverlay({ id: after.id, seq: after.seq ?? undefined, patches: patchesOf(after, action) })
    return
  }
  const result = resultOf(after)
  if (result?.outcome === 'success' || result?.outcome === 'partial') {
    if (resultOf(before) !== undefined) return
    store.acknowledge(record.id, isUnread(result) ? [] : action.rows(result.body))
    if (result.outcome === 'partial') store.dropOverlay(record.id)
    return
  }
  store.dropOverlay(record.id)
  // A refusal may show the row as it stands now.
  if (resultOf(before) !== undefined) return
  for (const { table, row } of action.rows(result?.body)) store.ingest(table, [row])
}

/** The rows a mutation is expected to change, with what they will show. */
export function patchesOf(record: MutationRecord, action: AnyAction): ReturnType<AnyAction['overlays']> {
  return action.overlays(record.request, { actor: record.actor, clickedAt: new Date(record.createdAt).toISOString() })
}
