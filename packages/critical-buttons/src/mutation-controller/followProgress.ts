import type { MutationView, SyncClient } from '@org/sync-core'

/** How far a mutation has come. `attempt` counts from 1 up to `maxAttempts`, whatever the background goes on to do; `processed` and `total` count rows. */
export interface SyncProgress {
  attempt: number
  maxAttempts: number
  processed: number
  total: number
  failed: number
}

/** The progress a view shows. Pure. */
export function progressOf({ attempt, maxAttempts, progress }: MutationView): SyncProgress {
  return { attempt: Math.min(attempt, maxAttempts), maxAttempts, ...progress }
}

/**
 * Tells each step of a mutation until it is settled. Not tied to a mounted component: like the
 * other handlers, progress is told to whoever clicked.
 */
export function followProgress(client: SyncClient, id: string, onProgress: (progress: SyncProgress, view: MutationView) => void): void {
  let told = ''
  const tell = () => {
    const view = client.getMutation(id)
    if (view === undefined || view.settled) stop()
    if (!view?.attempt) return
    const progress = progressOf(view)
    const step = JSON.stringify(progress)
    if (step === told) return
    told = step
    onProgress(progress, view)
  }
  const stop = client.subscribeMutation(id, tell)
  tell()
}
