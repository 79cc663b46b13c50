import type { SyncClient } from '../SyncClient.js'

/** Asks before the page goes away while clicks exist in its memory only. Listens no longer than that: such a listener keeps pages out of the back-forward cache. */
export function guardMemoryQueue(client: SyncClient): () => void {
  if (typeof window === 'undefined') return () => {}
  const ask = (event: BeforeUnloadEvent) => event.preventDefault()
  const follow = () => {
    const { durability, pendingCount } = client.getConnectivity()
    const isAtRisk = durability === 'memory' && pendingCount > 0
    if (isAtRisk) window.addEventListener('beforeunload', ask)
    else window.removeEventListener('beforeunload', ask)
  }
  const unsubscribe = client.subscribeQueue(follow)
  return () => {
    unsubscribe()
    window.removeEventListener('beforeunload', ask)
  }
}

/** Asks the browser once, at the first click, not to evict the queue under storage pressure. */
export function persistOnFirstUse(client: SyncClient): () => void {
  const unsubscribe = client.subscribeQueue(() => {
    if (client.getConnectivity().pendingCount === 0) return
    unsubscribe()
    // A refusal changes nothing: the queue works as before, only less protected.
    void globalThis.navigator?.storage?.persist?.().catch(() => false)
  })
  return unsubscribe
}
