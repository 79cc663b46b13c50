// Keeps the page itself (never data) so that a reload without a network still opens it: clicks that
// wait in the offline queue are then visible and go on by themselves when the network returns.
const CACHE = 'shell-v1'
const OWN_FILES = /^\/(assets\/|favicon\.svg$)/

self.addEventListener('install', (event) => {
  event.waitUntil(refreshShell().then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOldCaches().then(() => self.clients.claim()))
})

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return
  if (event.request.mode === 'navigate' && url.pathname === '/') event.respondWith(openPage(event))
  else if (OWN_FILES.test(url.pathname)) event.respondWith(openFile(event.request))
})

// The network first, so that a deploy shows at once; the kept page when there is none.
async function openPage(event) {
  try {
    const response = await fetch(event.request)
    if (response.ok) event.waitUntil(refreshShell())
    return response
  } catch (error) {
    const kept = await caches.match('/')
    if (kept) return kept
    throw error
  }
}

// File names carry a hash of their content, so a kept one is never out of date.
async function openFile(request) {
  return (await caches.match(request)) ?? fetch(request)
}

async function refreshShell() {
  const page = await fetch('/', { cache: 'no-store' })
  if (!page.ok) throw new Error(`the page answered ${page.status}; it is kept at the next visit`)
  const files = [...(await page.clone().text()).matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1])
  const wanted = files.filter((path) => OWN_FILES.test(path))
  const cache = await caches.open(CACHE)
  // The files before the page: a kept page must never name a file that is not there.
  const missing = await Promise.all(wanted.map(async (path) => ((await cache.match(path)) ? [] : [path])))
  await cache.addAll(missing.flat())
  await cache.put('/', page)
  await dropFiles(cache, new Set(['/', ...wanted]))
}

async function dropFiles(cache, kept) {
  const requests = await cache.keys()
  await Promise.all(requests.filter(({ url }) => !kept.has(new URL(url).pathname)).map((request) => cache.delete(request)))
}

async function dropOldCaches() {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))
}
