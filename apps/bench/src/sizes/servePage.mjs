import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

const MIME = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
/** A server with nobody's rows: signed in, nothing to catch up with. */
const ANSWERS = {
  '/api/session': { actor: 'user-456', tenant: 'org-1' },
  '/api/sync/changes': { changes: [], next: '1', hasMore: false, horizonLagMs: 0, epoch: '1' },
  '/api/appointments': { appointments: [], nextCursor: null },
  '/api/leads': { leads: [], nextCursor: null },
  '/api/bookings/confirm': {
    success: true,
    appointment: {
      id: 'apt-123',
      org_id: 'org-1',
      title: 'First consultation',
      status: 'confirmed',
      scheduled_at: '2026-11-27T09:00:00Z',
      confirmed_at: '2026-11-27T08:00:00Z',
      confirmed_by: 'user-456',
      version: 2,
      updated_at: '2026-11-27T08:00:00Z',
      updated_by: 'user-456',
      last_mutation_key: null,
    },
  },
}

/**
 * Serves a built page, compressed, with an API that answers everybody the same.
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function servePage(folder) {
  const server = createServer((request, response) => answer(folder, request, response)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${server.address().port}/`, close }
}

function answer(folder, { url, headers }, response) {
  const { pathname } = new URL(url, 'http://page')
  const json = ANSWERS[pathname]
  const key = headers['idempotency-key']
  const echo = key === undefined ? {} : { 'idempotency-key': key }
  if (json !== undefined) return response.writeHead(200, { 'content-type': 'application/json', ...echo }).end(JSON.stringify(json))
  try {
    const file = gzipSync(readFileSync(join(folder, pathname === '/' ? 'index.html' : pathname)))
    response.writeHead(200, { 'content-type': MIME[extname(pathname)] ?? 'text/html', 'content-encoding': 'gzip' }).end(file)
  } catch {
    response.writeHead(404).end()
  }
}
