// Measures what idempotency costs the server, beside its peers, in one run; writes results/api.json and a table.
// node src/api/run.mjs [--rounds 120] [--requests 200], of each contestant, new and repeated; needs redis-server.
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { freePort } from '@org/tooling/loopback'
import { build } from 'esbuild'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '120' }, requests: { type: 'string', default: '200' } } })
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
for (const folder of ['../../.results', '../../results']) mkdirSync(here(folder), { recursive: true })

const bundle = async (entry, outfile) => {
  const external = ['express', 'express-idempotency', '@node-idempotency/*']
  await build({
    entryPoints: [here(entry)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outfile,
    external,
    conditions: ['@org/source'],
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
  })
  return outfile
}

const port = await freePort()
const redis = spawn(
  process.env.TEST_REDIS_SERVER ?? 'redis-server',
  ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
await new Promise((resolve, reject) => {
  redis.once('error', reject)
  redis.stdout.on('data', (text) => String(text).includes('Ready to accept connections') && resolve())
})
try {
  const serverFile = await bundle('./server.ts', here('../../.results/apiServer.mjs'))
  const { measureApi } = await import(await bundle('./measureApi.ts', here('../../.results/measureApi.mjs')))
  await measureApi({
    serverFile,
    redisUrl: `redis://127.0.0.1:${port}`,
    resultsFile: here('../../results/api.json'),
    rounds: Number(values.rounds),
    requests: Number(values.requests),
  })
} finally {
  redis.kill('SIGKILL')
}
