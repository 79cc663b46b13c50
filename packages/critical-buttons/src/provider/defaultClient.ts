import type { QueuedMutation, RealtimeSyncService, SyncClient } from '@org/sync-core'
import { type CriticalButtonsOptions, createLoggedClient } from './createLoggedClient.js'
import { idleClient } from './idleClient.js'

let options: CriticalButtonsOptions = {}
let client: SyncClient | undefined
const listeners = new Set<() => void>()

/**
 * Says once, before the first button is shown, how the default client reaches your API. Without
 * it: same origin, session cookie, changes by polling.
 *
 * Calling it again replaces the client (hot reloading does); stored mutations stay stored.
 */
export function configureCriticalButtons(next: CriticalButtonsOptions): void {
  options = next
  const replaced = client
  client = undefined
  replaced?.destroy()
  for (const listener of listeners) listener()
}

/** The options given to `configureCriticalButtons`. */
export function getDefaultOptions(): CriticalButtonsOptions {
  return options
}

/** The client of components without a provider: made on first use in the browser, idle on a server. */
export function getDefaultClient(): SyncClient {
  if (typeof window === 'undefined') return idleClient
  client ??= createLoggedClient(options)
  return client
}

/** Calls `listener` when the default client was replaced. */
export function subscribeDefaultClient(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Row changes of the default client. On a server nothing ever changes. */
export function getRealtimeSyncService(): RealtimeSyncService {
  return getDefaultClient().realtime
}

/** The unfinished mutations of this user in this browser: a snapshot. */
export function getOfflineQueue(): readonly QueuedMutation[] {
  return getDefaultClient().getQueue()
}

/** Tries everything that waits now; resolves when each has had its attempt. */
export function syncOfflineQueue(): Promise<void> {
  return getDefaultClient().syncQueue()
}
