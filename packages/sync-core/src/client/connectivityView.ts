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
  const { pending = 0, unknown = 0, dead = 0 } = queue?.records.clicks ?? {}
  return {
    online: scope === undefined ? platform.connectivity.isOnline() : !scope.outlook.isOffline,
    pendingCount: pending,
    attentionCount: unknown + dead + (queue?.records.unreadable.size ?? 0),
    waitingForSignIn: queue === undefined ? memory.waiting : 0,
    durability: queue?.durability ?? 'disk',
  }
}
