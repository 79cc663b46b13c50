// Bundles the measurement with the workspace's sources and runs it: node src/realtime/run.mjs
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromiumLaunch } from '@org/tooling/chromium'
import { build } from 'esbuild'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
for (const directory of ['.results', 'results']) mkdirSync(here(`../../${directory}`), { recursive: true })
const shared = { bundle: true, format: 'esm', target: 'es2022', conditions: ['@org/source'], logLevel: 'error' }
const external = ['@playwright/test']
// Packages in CommonJS ask for Node's own modules by `require`.
const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" }
const outfile = here('../../.results/measureRealtime.mjs')
await build({ ...shared, entryPoints: [here('./measureRealtime.ts')], platform: 'node', external, banner, outfile })
const page = await build({ ...shared, entryPoints: [here('./page/main.ts')], platform: 'browser', write: false })
const { measureRealtime } = await import(outfile)
await measureRealtime({ launch: chromiumLaunch(), pageScript: page.outputFiles[0].text, resultsFile: here('../../results/realtime.json') })
