import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'

const SECOND_MS = 1_000
const MIME = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
/** A server with nobody's rows: signed in, nothing to catch up with. */
const ANSWERS = {
  '/api/session': { actor: 'user-456', tenant: 'org-1' },
  '/api/sync/changes': { changes: [], next: '1', hasMore: false, horizonLagMs: 0, epoch: '1' },
  '/api/appointments': { appointments: [], nextCursor: null },
  '/api/leads': { leads: [], nextCursor: null },
}

/**
 * The scripts of a built page that a browser has asked for within a second of its start.
 * @param {import('@playwright/test').Browser} browser
 * @returns {Promise<Set<string>>} by name, as Vite calls them
 */
export async function firstSecond(browser, folder) {
  const server = createServer((request, response) => answer(folder, request, response)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const page = await browser.newPage()
  try {
    const asked = new Set()
    page.on('request', (request) => asked.add(new URL(request.url()).pathname.slice(1)))
    const complaints = []
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(`http://127.0.0.1:${server.address().port}/`)
    await page.locator('#root > *').first().waitFor({ state: 'attached' })
    await page.waitForTimeout(SECOND_MS)
    if (complaints.length > 0) throw new Error(`The page that is weighed does not run: ${complaints.join('; ')}`)
    return asked
  } finally {
    await page.close()
    server.closeAllConnections()
    server.close()
  }
}

function answer(folder, { url }, response) {
  const { pathname } = new URL(url, 'http://page')
  const json = ANSWERS[pathname]
  if (json !== undefined) return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(json))
  try {
    const file = readFileSync(join(folder, pathname === '/' ? 'index.html' : pathname))
    response.writeHead(200, { 'content-type': MIME[extname(pathname)] ?? 'text/html' }).end(file)
  } catch {
    response.writeHead(404).end()
  }
}
