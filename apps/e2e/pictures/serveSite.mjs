import { createReadStream, existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json' }

/** Serves a built site on loopback. @returns {Promise<{ url: string, stop(): Promise<void> }>} */
export function serveSite(folder) {
  const server = createServer((req, res) => {
    const { pathname } = new URL(req.url, 'http://site')
    const file = join(folder, pathname)
    if (!existsSync(file) || extname(file) === '') return void res.writeHead(404).end()
    res.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream')
    createReadStream(file).pipe(res)
  })
  const stop = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve({ url: `http://127.0.0.1:${server.address().port}`, stop })))
}
