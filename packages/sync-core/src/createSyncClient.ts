import { browserAdapters } from './adapters/browser.js'
import { careForStorage } from './adapters/browserStorageCare.js'
import type { ClientAdapters, SyncClientSettings } from './client/SyncClientSettings.js'
import { wireSyncClient } from './client/wireSyncClient.js'
import type { SyncClient } from './SyncClient.js'

export interface SyncClientOptions extends SyncClientSettings, Partial<ClientAdapters> {
  /** Cookies cross origins only with `include`. @default "same-origin" */
  credentials?: RequestCredentials
}

/**
 * Makes the client of a page: the offline queue, its dispatcher, realtime and the rows they keep. With no
 * options: same origin, session cookie, polling. Any port may be replaced; the rest are the browser's.
 * @throws {RangeError} when a limit is out of range
 */
export function createSyncClient(options: SyncClientOptions = {}): SyncClient {
  // What is left undefined is the browser's.
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const client = wireSyncClient(options, { ...browserAdapters(options), ...given })
  const stopCaring = careForStorage(client)
  return {
    ...client,
    destroy: () => {
      stopCaring()
      client.destroy()
    },
  }
}
