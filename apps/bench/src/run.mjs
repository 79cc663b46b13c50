// Every measurement, one after the other; leaves results/summary.json and results/summary.md. A missed target is
// a finding and no failure; a measurement that could not run is one. To run some: node src/run.mjs api ui
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { provideSystemPrograms } from '@org/tooling/system-programs'
import { MEASUREMENTS } from './summary/figures.mjs'
import { markdown } from './summary/markdown.mjs'

const PACKAGE = fileURLToPath(new URL('..', import.meta.url))
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !MEASUREMENTS.some((measurement) => measurement.name === name))
if (unknown.length > 0) {
  console.error(`There is no measurement "${unknown[0]}". There are: ${MEASUREMENTS.map(({ name }) => name).join(', ')}.`)
  process.exit(1)
}

const programs = await provideSystemPrograms(['chromium', 'redis'])
const figures = []
const notRun = []
for (const measurement of MEASUREMENTS) {
  if (wanted.length > 0 && !wanted.includes(measurement.name)) continue
  const reason = await measure(measurement)
  if (reason === null) figures.push(...measurement.figures(JSON.parse(readFileSync(PACKAGE + measurement.results, 'utf8'))))
  else notRun.push({ name: measurement.name, reason })
}
const machine = `${availableParallelism()} cores, Node ${process.versions.node}`
const table = markdown(figures, notRun, machine)
writeFileSync(`${PACKAGE}results/summary.json`, `${JSON.stringify({ machine, figures, notRun }, null, 2)}\n`)
writeFileSync(`${PACKAGE}results/summary.md`, table)
console.log(`\n${table}`)
process.exitCode = notRun.length === 0 ? 0 : 1

/** Why it could not be measured; null when it was. */
async function measure({ name, needs }) {
  if (needs && !programs[needs].path) return `${needs} is missing. To get it: ${programs[needs].installCommand}`
  console.log(`\n── ${name}`)
  const env = { ...process.env, TEST_REDIS_SERVER: programs.redis.path ?? '', CHROMIUM_PATH: programs.chromium.path ?? '' }
  const child = spawn(process.execPath, [`${PACKAGE}src/${name}/run.mjs`], { cwd: PACKAGE, env, stdio: 'inherit' })
  const code = await new Promise((resolve) => child.on('exit', resolve).on('error', () => resolve(1)))
  return code === 0 ? null : `it ended with exit code ${code}`
}
