// One click in a process of its own, told as JSON: node [--import ./withTrace.mjs] measureClick.mjs <client|button>
import { Session } from 'node:inspector/promises'
import { placeOf, wayThrough } from './rooms.mjs'

// V8 counts exactly only what it has watched since it was loaded.
const session = globalThis.__takeEntered ? undefined : await startCounting()
const clicks = await import('./clicks.mjs')
const prepared = await { client: clicks.throughClient, button: clicks.throughButton }[process.argv[2]]()
const told = session === undefined ? await tellWay(prepared) : await tellCounts(prepared)
prepared.close()
process.stdout.write(JSON.stringify(told))
process.exit(0)

async function startCounting() {
  const started = new Session()
  started.connect()
  await started.post('Profiler.enable')
  await started.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  return started
}

async function tellWay({ click }) {
  globalThis.__takeEntered()
  await click()
  const rooms = globalThis.__takeEntered().map((file) => file.slice(0, file.lastIndexOf('/')))
  return { way: wayThrough(rooms) }
}

async function tellCounts({ click }) {
  await session.post('Profiler.takePreciseCoverage')
  await click()
  const { result } = await session.post('Profiler.takePreciseCoverage')
  return { files: result.flatMap(callsOf).toSorted((a, b) => a.file.localeCompare(b.file)) }
}

function callsOf({ url, functions }) {
  const place = placeOf(url)
  const calls = functions.reduce((sum, { ranges }) => sum + ranges[0].count, 0)
  return place === undefined || calls === 0 ? [] : [{ ...place, calls }]
}
