import type { OriginMemory } from '../identity/OriginMemory.js'
import type { Platform } from '../ports/Platform.js'
import type { ConnectivityView } from '../SyncClient.js'
import type { CurrentUser } from './CurrentUser.js'

/** What is known of network, queue and storage; the same object while nothing in it changed. */
export function connectivityViewer(parts: { platform: Platform; current: CurrentUser; memory: OriginMemory }): () => ConnectivityView {
  let last: ConnectivityView | undefined
  return () => {
    const next = toView(parts)
    if (JSON.stringify(next) !== JSON.stringify(last)) last = next
    return last ?? next
  }
}

function toView({ platform, current, memory }: Parameters<typeof connectivityViewer>[0]): ConnectivityView {
  const { scope } = current
  const queue = scope?.queue
  return {
    online: scope === undefined ? platform.connectivity.isOnline() : !scope.outlook.isOffline,
    pendingCount: queue?.records.countClicks('queued', 'sending', 'waiting', 'blocked') ?? 0,
    attentionCount: queue === undefined ? 0 : queue.records.countClicks('dead', 'unknown') + queue.unreadable.length,
    waitingForSignIn: queue === undefined ? memory.waiting : 0,
    durability: queue?.durability ?? 'disk',
  }
}
