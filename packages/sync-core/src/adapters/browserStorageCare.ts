import type { SyncClient } from '../SyncClient.js'

/**
 * Asks the browser once, at the first click, not to evict the queue under storage pressure; and asks the person before
 * the page goes away while clicks exist in its memory only. Listens no longer than that: such a listener keeps pages
 * out of the back-forward cache.
 */
export function careForStorage(client: SyncClient): () => void {
  if (typeof window === 'undefined') return () => {}
  const ask = (event: BeforeUnloadEvent) => event.preventDefault()
  let isPersistAsked = false
  const unsubscribe = client.subscribeQueue(() => {
    const { durability, pendingCount } = client.getConnectivity()
    if (durability === 'memory' && pendingCount > 0) window.addEventListener('beforeunload', ask)
    else window.removeEventListener('beforeunload', ask)
    if (pendingCount === 0 || isPersistAsked) return
    isPersistAsked = true
    // A refusal changes nothing: the queue works as before, only less protected.
    void navigator.storage?.persist?.().catch(() => false)
  })
  return () => {
    unsubscribe()
    window.removeEventListener('beforeunload', ask)
  }
}
