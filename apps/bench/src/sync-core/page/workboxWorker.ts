import { Queue } from 'workbox-background-sync'
import { payload } from './payload.js'

declare const self: ServiceWorkerGlobalScope

/** Peer 2, in the service worker it needs: each click is one stored request, replayed to an instant `fetch`. */
async function workbox(count: number) {
  const queue = new Queue(`bench-${crypto.randomUUID()}`, { onSync: async () => undefined })
  const began = performance.now()
  for (let index = 0; index < count; index++) {
    const body = JSON.stringify(payload(index))
    await queue.pushRequest({
      request: new Request('/bench/notes', { method: 'POST', body, headers: { 'content-type': 'application/json' } }),
    })
  }
  const enqueued = performance.now()
  self.fetch = async () => new Response('{"success":true}', { status: 200 })
  await queue.replayRequests()
  const drained = performance.now()
  return { enqueueMs: enqueued - began, drainMs: drained - enqueued }
}

self.addEventListener('install', () => void self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('message', (event) => {
  const [port] = event.ports
  event.waitUntil(
    workbox(event.data as number).then(
      (result) => port?.postMessage({ result }),
      (error: unknown) => port?.postMessage({ error: String(error) }),
    ),
  )
})
