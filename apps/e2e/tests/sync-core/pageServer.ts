import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { close, listen } from './apiServer.js'

/** Serves one empty page with the client on it. `?api=` says where the API is, `?speed=` how fast its clock runs. */
export async function startPages(): Promise<{ url: string; close(): Promise<void> }> {
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL('page/main.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  })
  const script = bundle.outputFiles[0]?.text ?? ''
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/main.js')) response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    else
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<!doctype html><title>sync-core</title><script type="module" src="/main.js"></script>')
  })
  return { url: await listen(server), close: () => close(server) }
}
