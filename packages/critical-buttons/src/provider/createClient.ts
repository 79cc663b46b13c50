import { createSyncClient, type SyncClient, type SyncClientOptions } from '@org/sync-core'

/** How the buttons reach your API, and what your app knows that they do not. All optional. */
export interface CriticalButtonsOptions extends SyncClientOptions {
  /** Display name of a user id; undefined shows the id. */
  resolveUser?: (userId: string) => string | undefined
}

/**
 * Makes the client of a provider or of `configureCriticalButtons`. Browser only.
 * @throws {RangeError} when a limit is out of range
 */
export function createClient({ resolveUser: _resolveUser, ...options }: CriticalButtonsOptions): SyncClient {
  return createSyncClient(options)
}
