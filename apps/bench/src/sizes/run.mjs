// What a page pays for us above React, in kB of 1,000 bytes, built by Vite from the packages' dist:
// npm run sizes -- [--label before]   prints a table and keeps it in results/sizes.json
// npm run size                        only fails when a page weighs more at start than its limit in pages.mjs
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { PAGES, REACT_PAGE } from './pages.mjs'
import { weigh } from './weigh.mjs'

const RESULTS = fileURLToPath(new URL('../../results/sizes.json', import.meta.url))
const { values: options } = parseArgs({
  options: { check: { type: 'boolean', default: false }, label: { type: 'string', default: 'now' } },
})

const react = await weigh(REACT_PAGE)
const rows = []
for (const { name, code, target, limit } of PAGES) {
  const { start, all } = await weigh(code)
  rows.push({ page: name, 'at start': kB(start - react.start), 'with lazy chunks': kB(all - react.all), target, limit })
}
console.log(`kB above a page of React alone (${kB(react.start)} kB), minified and gzipped`)
console.table(rows)
if (options.check) check()
else keep()

function check() {
  for (const row of rows.filter((row) => row['at start'] > row.limit)) {
    console.error(
      `The page "${row.page}" weighs ${row['at start']} kB at start, more than its ${row.limit} kB. What came in? See src/sizes/pages.mjs.`,
    )
    process.exitCode = 1
  }
}

function keep() {
  const kept = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : {}
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD']).toString().trim()
  const pages = Object.fromEntries(rows.map((row) => [row.page, { start: row['at start'], all: row['with lazy chunks'] }]))
  writeFileSync(RESULTS, `${JSON.stringify({ ...kept, [options.label]: { commit, react: kB(react.start), pages } }, null, 2)}\n`)
}

function kB(bytes) {
  return Math.round(bytes / 10) / 100
}
