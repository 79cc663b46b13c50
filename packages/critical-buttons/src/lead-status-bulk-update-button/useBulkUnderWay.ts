'use client'
import { leadBulkUpdateStatus, type RequestOf } from '@org/contracts/client'
import type { QueuedMutation, SyncClient } from '@org/sync-core'
import { useCallback, useSyncExternalStore } from 'react'

type BulkRequest = RequestOf<typeof leadBulkUpdateStatus>

/**
 * The newest bulk update that a button with this request is about, though it did not submit it: of an earlier page load,
 * of another page or tab; not over yet, or ended so that a person must know. It means the same leads in whatever order;
 * a button with nothing selected (a selection seldom outlives a reload) is about any that sets its status. Pure.
 */
export function bulkUnderWay(queue: readonly QueuedMutation[], { leadIds, status }: BulkRequest): string | undefined {
  const wanted = new Set(leadIds)
  const isAbout = ({ action, request }: QueuedMutation) => {
    if (action !== leadBulkUpdateStatus.name) return false
    const sent = request as BulkRequest
    return sent.status === status && (wanted.size === 0 || isSameSet(wanted, sent.leadIds))
  }
  return queue.findLast(isAbout)?.id
}

/** The same, kept up to date. */
export function useBulkUnderWay(client: SyncClient, request: BulkRequest): string | undefined {
  const subscribe = useCallback((listener: () => void) => client.subscribeQueue(listener), [client])
  return useSyncExternalStore(subscribe, () => bulkUnderWay(client.getQueue(), request), nothing)
}

const nothing = () => undefined

function isSameSet(wanted: ReadonlySet<string>, sent: readonly string[]): boolean {
  return new Set(sent).size === wanted.size && sent.every((id) => wanted.has(id))
}
