// Measures the offline queue against its peers in one Chromium run, and writes results/sync-core.json and a table.
// node src/sync-core/run.mjs [--runs 3] [--large 10000] [--no-peers]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromiumLaunch } from '@org/tooling/chromium'
import { chromium } from '@playwright/test'
import { build } from 'esbuild'
import { mediansOf } from '../median.mjs'

const SMALL = 1_000
const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    large: { type: 'string', default: '10000' },
    peers: { type: 'boolean', default: true },
  },
  allowNegative: true,
})
let version = 'unknown'
const runs = Number(options.runs)
const large = Number(options.large)

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

async function bundle(entry) {
  const built = await build({
    entryPoints: [here(entry)],
    bundle: true,
    format: 'esm',
    write: false,
    target: 'es2022',
    minify: true,
    // What is in the tree is measured, not what was built last.
    conditions: ['@org/source'],
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  })
  return built.outputFiles[0].text
}

async function serve() {
  const files = { '/main.js': await bundle('page/main.ts'), '/worker.js': await bundle('page/workboxWorker.ts') }
  const server = createServer(({ url }, response) => {
    if (files[url]) response.writeHead(200, { 'content-type': 'text/javascript' }).end(files[url])
    else response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><script type="module" src="/main.js"></script>')
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${server.address().port}/` }
}

/**
 * Each measurement in a browser and a profile of its own: nobody pays for what the one before left behind. The
 * profile is on disk, as a person's is: a private one keeps IndexedDB in memory, where flushing costs nothing.
 */
async function measure(url, expression) {
  const profile = mkdtempSync(join(tmpdir(), 'bench-sync-core-'))
  const context = await chromium.launchPersistentContext(profile, chromiumLaunch())
  try {
    version = context.browser()?.version() ?? version
    const page = await context.newPage()
    await page.goto(url)
    await page.waitForFunction(() => globalThis.bench)
    return await page.evaluate(expression)
  } finally {
    await context.close()
    rmSync(profile, { recursive: true, force: true })
  }
}

/** All subjects in turn, then all again: what else the machine does meets each of them alike. */
async function inTurn(subjects) {
  const results = new Map(subjects.map(({ subject }) => [subject, []]))
  for (let run = 0; run < runs; run++)
    for (const { subject, expression, times = runs } of subjects) if (run < times) results.get(subject).push(await measure(url, expression))
  return subjects.map(({ subject }) => ({ subject, ...mediansOf(results.get(subject)) }))
}

function subjects(count) {
  const ours = (how) => `bench.syncCore(${count}, ${JSON.stringify(how)})`
  // The peers take minutes at 10,000; one run of each is enough to see the order of magnitude.
  const times = count > SMALL ? 1 : runs
  return [
    { subject: 'raw IndexedDB, strict', expression: `bench.rawIndexedDb(${count}, 'strict')` },
    { subject: 'raw IndexedDB, relaxed', expression: `bench.rawIndexedDb(${count}, 'relaxed')` },
    { subject: 'sync-core, one click at a time', expression: ours({ burst: false }) },
    { subject: 'sync-core, all clicks at once', expression: ours({ burst: true }) },
    { subject: 'sync-core, 8 requests at once', expression: ours({ burst: true, parallel: 8 }) },
    ...(options.peers
      ? [
          { subject: 'TanStack offline-transactions', expression: `bench.tanstackOffline(${count})`, times },
          { subject: 'Workbox background sync', expression: `bench.workbox(${count})`, times },
        ]
      : []),
  ]
}

const { server, url } = await serve()
const table = []
try {
  for (const count of [SMALL, large]) {
    for (const measured of await inTurn(subjects(count))) {
      const row = { count, ...measured }
      table.push(row)
      console.log(
        `${String(count).padStart(6)}  ${row.subject.padEnd(34)} enqueue ${row.enqueueMs.toFixed(0).padStart(7)} ms   drain ${row.drainMs.toFixed(0).padStart(7)} ms`,
      )
    }
  }
  const [reload] = await inTurn([{ subject: 'reload', expression: `bench.syncCoreReload(${SMALL})` }])
  const find = (subject, count) => table.find((row) => row.subject === subject && row.count === count)
  const ours = 'sync-core, all clicks at once'
  const peers = ['TanStack offline-transactions', 'Workbox background sync'].filter(() => options.peers)
  const gates = {
    'enqueue one by one ÷ raw strict at 1,000 (≤ 1.3)':
      find('sync-core, one click at a time', SMALL).enqueueMs / find('raw IndexedDB, strict', SMALL).enqueueMs,
    'enqueue at once ÷ raw strict at 1,000 (≤ 1.3)': find(ours, SMALL).enqueueMs / find('raw IndexedDB, strict', SMALL).enqueueMs,
    [`drain of ${large}, ms an item (≤ 0.3)`]: find(ours, large).drainMs / large,
    [`drain of ${large} with 8 at once, ms an item`]: find('sync-core, 8 requests at once', large).drainMs / large,
    [`drain per item at ${large} ÷ at 1,000 (≤ 1.3)`]: find(ours, large).drainMs / large / (find(ours, SMALL).drainMs / SMALL),
    [`enqueue per item at ${large} ÷ at 1,000 (≤ 1.3)`]: find(ours, large).enqueueMs / large / (find(ours, SMALL).enqueueMs / SMALL),
    'reload with 1,000 pending, ms (≤ 150)': reload.reloadMs,
    ...Object.fromEntries(
      peers.map((peer) => [`drain of ${large}: ${peer} ÷ ours (≥ 20)`, find(peer, large).drainMs / find(ours, large).drainMs]),
    ),
  }
  for (const [gate, value] of Object.entries(gates)) console.log(`${gate.padEnd(64)} ${value.toFixed(2)}`)
  mkdirSync(here('../../results'), { recursive: true })
  const report = { chromium: version, node: process.version, runs, table, reload, gates }
  writeFileSync(here('../../results/sync-core.json'), `${JSON.stringify(report, null, 2)}\n`)
} finally {
  server.close()
}
