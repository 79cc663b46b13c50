import type { QueuedMutation, SyncClient } from '../SyncClient.js'

/**
 * Asks the browser once, at the first click, not to evict the queue under storage pressure; and asks the person before
 * the page goes away while clicks that go on exist in its memory only. Listens no longer than that: such a listener keeps pages
 * out of the back-forward cache.
 */
export function careForStorage(client: SyncClient): () => void {
  if (typeof window === 'undefined') return () => {}
  const ask = (event: BeforeUnloadEvent) => event.preventDefault()
  let isPersistAsked = false
  const unsubscribe = client.subscribeQueue(() => {
    const { durability, pendingCount } = client.getConnectivity()
    // What was on disk when storage was left still is.
    if (durability === 'memory' && client.getQueue().some(isAtRisk)) window.addEventListener('beforeunload', ask)
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

function isAtRisk({ durability, state }: QueuedMutation): boolean {
  return durability === 'memory' && state !== 'dead' && state !== 'unknown'
}
