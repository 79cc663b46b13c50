import type { ClientAdapters } from '../client/SyncClientSettings.js'
import { openBroadcastChannel } from './broadcastChannel.js'
import { createBrowserConnectivity } from './browserConnectivity.js'
import { createFetchTransport, type FetchTransportOptions } from './fetchTransport.js'
import { openIdbKeyvalStorage } from './idbKeyvalStorage.js'
import { sessionTabMemory } from './sessionTabMemory.js'
import { systemClock } from './systemClock.js'
import { systemRandom } from './systemRandom.js'
import { createWebLocks } from './webLocks.js'

/** What a browser offers for each port; pass the result, or parts of it, to `createSyncClient`. */
export function browserAdapters(options: FetchTransportOptions = {}): ClientAdapters {
  return {
    clock: systemClock,
    random: systemRandom,
    storage: openIdbKeyvalStorage,
    transport: createFetchTransport(options),
    connectivity: createBrowserConnectivity(),
    locks: createWebLocks(),
    tabChannel: openBroadcastChannel,
    tabMemory: sessionTabMemory,
  }
}

export {
  createBrowserConnectivity,
  createFetchTransport,
  createWebLocks,
  openBroadcastChannel,
  openIdbKeyvalStorage,
  sessionTabMemory,
  systemClock,
  systemRandom,
}
