import type { MutationView, SyncClient } from '@org/sync-core'

/** How far a mutation has come. `attempt` counts from 1; `processed` and `total` count rows. */
export interface SyncProgress {
  attempt: number
  maxAttempts: number
  processed: number
  total: number
  failed: number
}

/** The progress a view shows. Pure. */
export function progressOf(view: MutationView): SyncProgress {
  return { attempt: view.attempt, maxAttempts: view.maxAttempts, ...view.progress }
}

/**
 * Tells each step of a mutation until it is settled. Not tied to a mounted component: like the
 * other handlers, progress is told to whoever clicked.
 */
export function followProgress(client: SyncClient, id: string, onProgress: (progress: SyncProgress, view: MutationView) => void): void {
  let told: SyncProgress | undefined
  const tell = () => {
    const view = client.getMutation(id)
    if (view === undefined || view.settled) stop()
    if (view === undefined || view.attempt === 0) return
    const progress = progressOf(view)
    if (told !== undefined && isSame(told, progress)) return
    told = progress
    onProgress(progress, view)
  }
  const stop = client.subscribeMutation(id, tell)
  tell()
}

function isSame(left: SyncProgress, right: SyncProgress): boolean {
  return left.attempt === right.attempt && left.processed === right.processed && left.total === right.total && left.failed === right.failed
}
