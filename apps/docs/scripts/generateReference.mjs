// Writes the tables of the reference from the code that they describe, and the drawings of what was measured, into .generated/.
// Needs built packages.
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { apiOperations } from './apiOperations.mjs'
import { errorCodeTable } from './errorCodeTable.mjs'
import { exportedTypes } from './exportedTypes.mjs'
import { figurePage } from './figures/figurePage.mjs'
import { headerTable } from './headerTable.mjs'
import { metricTable } from './metricTable.mjs'
import { settingTable } from './settingTable.mjs'

const GENERATED = fileURLToPath(new URL('../.generated/', import.meta.url))

mkdirSync(GENERATED, { recursive: true })
const tables = {
  'error-codes': errorCodeTable(),
  headers: headerTable(),
  settings: settingTable(),
  metrics: await metricTable(),
  figures: figurePage(),
  api: apiOperations(),
  types: exportedTypes(),
}
for (const [name, table] of Object.entries(tables)) writeFileSync(`${GENERATED}${name}.md`, table)
console.log(`Wrote the tables of ${Object.keys(tables).join(', ')}.`)
// The embedded database keeps a worker that would hold the process.
process.exit(0)
