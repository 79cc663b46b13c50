import { browserAdapters } from './adapters/browser.js'
import { guardMemoryQueue, persistOnFirstUse } from './adapters/browserStorageCare.js'
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
  const defaults = browserAdapters(options)
  const adapters: ClientAdapters = {
    clock: options.clock ?? defaults.clock,
    random: options.random ?? defaults.random,
    storage: options.storage ?? defaults.storage,
    transport: options.transport ?? defaults.transport,
    connectivity: options.connectivity ?? defaults.connectivity,
    locks: options.locks ?? defaults.locks,
    tabChannel: options.tabChannel ?? defaults.tabChannel,
    loadRealtime: options.loadRealtime,
    tabMemory: options.tabMemory ?? defaults.tabMemory,
    warn: options.warn,
  }
  const client = wireSyncClient(options, adapters)
  const stops = [guardMemoryQueue(client), persistOnFirstUse(client)]
  const destroy = client.destroy.bind(client)
  client.destroy = () => {
    for (const stop of stops) stop()
    destroy()
  }
  return client
}
