import type { LeadStatusEntry } from '@org/contracts/client'
import { createSyncClient, type SyncClient, type SyncClientOptions } from '@org/sync-core'
import { createTelemetryLog } from './telemetryLog.js'

/** How the buttons reach your API, and what your app knows that they do not. All optional. */
export interface CriticalButtonsOptions extends SyncClientOptions {
  /** Display name of a user id; undefined shows the id. */
  resolveUser?: (userId: string) => string | undefined
  /**
   * The statuses that a lead may have, in the order of the menu: those of your server's vocabulary.
   * @default `VALID_STATUSES`, the built-in seven
   */
  leadStatuses?: readonly LeadStatusEntry[]
}

/**
 * Makes the client of a provider or of `configureCriticalButtons`. Browser only.
 * @throws {RangeError} when a limit is out of range
 */
export function createLoggedClient(options: CriticalButtonsOptions): SyncClient {
  const log = createTelemetryLog(options.onTelemetry)
  const client = createSyncClient({ ...options, onTelemetry: log.onTelemetry })
  log.attach(client)
  return client
}
