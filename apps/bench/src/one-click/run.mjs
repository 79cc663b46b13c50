// The way of one click through the browser's side: which files and rooms it enters, and how often it calls and comes
// back. Prints a table and keeps it in results/one-click.json under a label: npm run one-click -- [--label before]
// It reads the packages' dist, so they must be built. Storage and server are in memory; time stands still, so the
// figures are the same at each run.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const RESULTS = here('../../results/one-click.json')
const { values: options } = parseArgs({ options: { label: { type: 'string', default: 'now' } } })

const report = { commit: execFileSync('git', ['rev-parse', '--short', 'HEAD']).toString().trim() }
for (const scenario of ['client', 'button']) {
  report[scenario] = measure(scenario)
  print(scenario, report[scenario])
}
const kept = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : {}
writeFileSync(RESULTS, `${JSON.stringify({ ...kept, [options.label]: report }, null, 2)}\n`)

function measure(scenario) {
  const { files } = child([here('./measureClick.mjs'), scenario])
  const { way } = child(['--import', here('./withTrace.mjs'), here('./measureClick.mjs'), scenario])
  const names = [...new Set([...way, ...files.map(({ room }) => room)])]
  const rooms = names.map((room) => {
    const inside = files.filter((file) => file.room === room)
    const calls = inside.reduce((sum, file) => sum + file.calls, 0)
    return { room, files: inside.length, calls, entries: way.filter((entered) => entered === room).length }
  })
  const total = { files: files.length, calls: rooms.reduce((sum, room) => sum + room.calls, 0), rooms: rooms.length, entries: way.length }
  return { total, rooms, way: way.join(' '), files: Object.fromEntries(files.map(({ file, calls }) => [file, calls])) }
}

function child(args) {
  const env = { ...process.env, NODE_ENV: 'production' }
  const { status, stdout } = spawnSync(process.execPath, ['--no-warnings', ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  if (status !== 0) throw new Error('The click could not be measured. Build the packages first: npm run build')
  return JSON.parse(stdout.toString())
}

function print(scenario, { total, rooms }) {
  console.log(
    `\nOne click through the ${scenario}: ${total.files} files, ${total.calls} calls, ${total.entries} entries into ${total.rooms} rooms`,
  )
  console.table(rooms.map(({ room, files, calls, entries }) => ({ 'room, in order of first entry': room, files, calls, entries })))
}
