import { useOfflineQueue } from '../../src/index.js'

/** Pattern 4: handle network-induced queuing. The queue sends by itself when the network is back. */
export function OwnOfflineIndicator() {
  const { online, pendingCount } = useOfflineQueue()
  if (online) return null
  return <div className="offline-banner">📡 Offline ({pendingCount} pending actions)</div>
}
