import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installed, npm } from './commands.mjs'
import { npmrc } from './registry.mjs'

const TEMPLATE = fileURLToPath(new URL('./app', import.meta.url))
const MIME = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/**
 * A fresh app outside the workspace, as a team would make it, with what npm installs from the registry.
 * @param {{ folder: string, registry: string, version: string, react: { react: string, types: string } }} options
 */
export async function installConsumer({ folder, registry, version, react }) {
  cpSync(TEMPLATE, folder, { recursive: true })
  const manifest = {
    name: 'consumer',
    private: true,
    type: 'module',
    dependencies: {
      '@org/contracts': version,
      '@org/critical-buttons': version,
      '@org/sync-core': version,
      react: react.react,
      'react-dom': react.react,
    },
    devDependencies: { '@types/react': react.types, '@types/react-dom': react.types, typescript: '6.0.3', vite: '8.3.8' },
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2))
  writeFileSync(join(folder, '.npmrc'), npmrc(registry))
  await npm(['install', '--no-package-lock'], { cwd: folder })
  const nested = join(folder, 'node_modules/@org/critical-buttons/node_modules/react')
  if (existsSync(nested)) throw new Error('A second React was installed beside the consumer’s own.')
}

export function typecheck(folder) {
  return installed(folder, 'typescript/bin/tsc', ['-p', 'tsconfig.json'], { cwd: folder })
}

export function build(folder) {
  return installed(folder, 'vite/bin/vite.js', ['build', '--logLevel', 'warn'], { cwd: folder })
}

/** Serves the built app on an origin of its own. */
export async function serve(folder) {
  const server = createServer(({ url }, response) => {
    const path = join(folder, 'dist', url === '/' ? 'index.html' : new URL(url, 'http://app').pathname)
    if (!existsSync(path)) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': MIME[extname(path)] ?? 'application/octet-stream' }).end(readFileSync(path))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => new Promise((resolve) => server.close(resolve)) }
}
