import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { close, listen } from '../sync-core/apiServer.js'

const PAGE = '<!doctype html><title>Not ready</title><div id="root"></div><script type="module" src="/main.js"></script>'

/** Serves one page with one button, and the same page with 404 for whatever is none, as static hosts do. */
export async function startPage(): Promise<{ url: string; close(): Promise<void> }> {
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL('page/main.tsx', import.meta.url))],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
    logLevel: 'silent',
  })
  const script = bundle.outputFiles[0]?.text ?? ''
  const server = createServer(({ url = '/' }, response) => {
    if (url === '/main.js') response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    else response.writeHead(url.startsWith('/api/') ? 404 : 200, { 'content-type': 'text/html' }).end(PAGE)
  })
  return { url: await listen(server), close: () => close(server) }
}

/** An API that answers, and does not say that this page may read it. */
export async function startWithoutCors(): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"actor":"user-456","tenant":"org-1"}')
  })
  return { url: await listen(server), close: () => close(server) }
}
