// Mounting and changing many rows in Chromium, beside peers in the same run: node src/ui/run.mjs [--against <checkout>]
// `--against`: another checkout of this repository, installed, whose buttons take turns with ours.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromiumLaunch } from '@org/tooling/chromium'
import { chromium } from '@playwright/test'
import { build } from 'esbuild'
import { median } from '../median.mjs'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const ROUNDS = 5
const BEFORE = 'before'
const CHANGES = 500
const ROWS = 10_000
const MOUNTED = 1_000

const { values: options } = parseArgs({ options: { against: { type: 'string' } } })
const ours = await pageOf(here('./page/main.tsx'))
const theirs = options.against && (await pageOf(join(options.against, 'apps/bench/src/ui/page/main.tsx')))
const browser = await chromium.launch(chromiumLaunch())
try {
  const mounted = (page, name) => page.evaluate(([contestant, count]) => bench.mount(contestant, count), [name, MOUNTED])
  const mount = await rounds(['criticalButtons', 'queryMutations'], mounted)
  const change = await rounds(['criticalButtons', 'jotaiAtoms', 'keyedStore'], async (page, name) => {
    const { us, touched } = await page.evaluate(
      ([contestant, count, changes]) => bench.change(contestant, count, changes),
      [name, ROWS, CHANGES],
    )
    if (touched !== 1) throw new Error(`${name}: one change touched ${touched} rows`)
    return us
  })
  const best = Math.min(change.jotaiAtoms, change.keyedStore)
  const before = theirs && (await rounds(['criticalButtons', BEFORE], mounted))
  const report = {
    mount: { rows: MOUNTED, ms: mount, ratio: round(mount.criticalButtons / mount.queryMutations), budget: 2 },
    change: { rows: ROWS, us: change, ratio: round(change.criticalButtons / best), budget: 1.2 },
    ...(before && { againstBefore: { rows: MOUNTED, ms: before, ratio: round(before.criticalButtons / before[BEFORE]), budget: 1.15 } }),
  }
  console.log(JSON.stringify(report, null, 2))
  mkdirSync(here('../../.results'), { recursive: true })
  writeFileSync(here('../../.results/ui.json'), `${JSON.stringify(report, null, 2)}\n`)
} finally {
  await browser.close()
}

async function pageOf(entryPoint) {
  const { outputFiles } = await build({
    entryPoints: [entryPoint],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    minify: true,
    conditions: ['@org/source'],
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
  })
  return outputFiles[0].text
}

/** Medians, the contestants taking turns on one page each, so that a busy moment hits all of them. */
async function rounds(names, measure) {
  const taken = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of names) {
      const page = await browser.newPage()
      const [script, contestant] = name === BEFORE ? [theirs, 'criticalButtons'] : [ours, name]
      await page.addScriptTag({ content: script })
      // Once for the engine to warm up, once to count.
      await measure(page, contestant)
      taken[name].push(await measure(page, contestant))
      await page.close()
    }
  }
  return Object.fromEntries(Object.entries(taken).map(([name, values]) => [name, round(median(values))]))
}

function round(value) {
  return Math.round(value * 100) / 100
}
