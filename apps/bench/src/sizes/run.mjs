// What a page pays for us above React, in kB of 1,000 bytes, gzip and brotli:
// npm run sizes             pages of Vite built from the packed tarballs, beside peers in the same run; at start and within the
//                           first second in Chromium. Keeps them in results/sizes.json and in the package's README
// npm run sizes -- --check  the same, and fails where a page weighs more than its limit in pages.mjs; writes nothing
// npm run size              only ours, at start, from the packages' dist: quick, for every change. Fails as --check does
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromiumLaunch } from '@org/tooling/chromium'
import { chromium } from '@playwright/test'
import { firstSecond } from './firstSecond.mjs'
import { installPacked } from './packedApp.mjs'
import { CSS, PAGES, REACT_PAGE } from './pages.mjs'
import { PEERS } from './peers.mjs'
import { isInReadme, writeReadme } from './readmeTable.mjs'
import { weigh, weightOf } from './weigh.mjs'

const RESULTS = fileURLToPath(new URL('../../results/sizes.json', import.meta.url))
// Inside this package, so that a page finds what the package depends on.
const SCRATCH = fileURLToPath(new URL('../../.results/', import.meta.url))
const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, check: { type: 'boolean', default: false } },
})

if (options.quick) await quick()
else await whole()

/** Ours alone, from dist. */
async function quick() {
  mkdirSync(SCRATCH, { recursive: true })
  const where = mkdtempSync(join(SCRATCH, 'sizes-'))
  try {
    const react = await weigh(REACT_PAGE, where)
    const pages = {}
    for (const { name, code } of PAGES) pages[name] = { start: above((await weigh(code, where)).start, react.start) }
    check({ pages, css: cssOf(fileURLToPath(import.meta.resolve(CSS.sheet))) })
    if (!isInReadme(JSON.parse(readFileSync(RESULTS, 'utf8'))))
      fail('The README prints other sizes than results/sizes.json: npm run sizes.')
  } finally {
    rmSync(where, { recursive: true, force: true })
  }
}

async function whole() {
  const where = mkdtempSync(join(tmpdir(), 'sizes-'))
  const browser = await chromium.launch(chromiumLaunch())
  try {
    installPacked(where)
    const react = await weigh(REACT_PAGE, where)
    const measure = async (all) => {
      const weights = {}
      for (const { name, code } of all) {
        const page = await weigh(code, where)
        const second = page.of(await firstSecond(browser, page.folder))
        weights[name] = { start: above(page.start, react.start), second: above(second, react.start) }
      }
      return weights
    }
    const results = {
      commit: execFileSync('git', ['rev-parse', '--short', 'HEAD']).toString().trim(),
      react: inKB(react.start),
      pages: await measure(PAGES),
      peers: await measure(PEERS),
      css: cssOf(join(where, 'node_modules/@org/critical-buttons/dist/styles.css')),
    }
    print(results)
    check(results)
    if (!options.check) keep(results)
  } finally {
    await browser.close()
    rmSync(where, { recursive: true, force: true, maxRetries: 5 })
  }
}

function print({ pages, peers, css, react }) {
  console.log(`kB above a page of React alone (${react.gzip} kB gzip)`)
  const row = ([name, { start, second }]) => [
    name,
    { 'at start': start.gzip, brotli: start.brotli, 'first second': second.gzip, 'its brotli': second.brotli },
  ]
  console.table(Object.fromEntries([...Object.entries(pages), ...Object.entries(peers)].map(row)))
  console.log(`${CSS.sheet}: ${css.gzip} kB gzip, ${css.brotli} kB brotli`)
}

function check({ pages, css }) {
  for (const { name, limit, target } of PAGES) {
    const { gzip } = pages[name].start
    console.log(`${name}: ${gzip} kB at start, limit ${limit}, target ${target}`)
    if (gzip > limit)
      fail(`The page "${name}" weighs ${gzip} kB at start, more than its ${limit} kB. What came in? See src/sizes/pages.mjs.`)
  }
  if (css.gzip > CSS.limit) fail(`${CSS.sheet} weighs ${css.gzip} kB, more than its ${CSS.limit} kB.`)
}

function keep(results) {
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`)
  writeReadme(results)
}

function fail(message) {
  console.error(message)
  process.exitCode = 1
}

function cssOf(path) {
  return inKB(weightOf([readFileSync(path, 'utf8')]))
}

function above({ gzip, brotli }, base) {
  return inKB({ gzip: gzip - base.gzip, brotli: brotli - base.brotli })
}

function inKB({ gzip, brotli }) {
  return { gzip: Math.round(gzip / 10) / 100, brotli: Math.round(brotli / 10) / 100 }
}
