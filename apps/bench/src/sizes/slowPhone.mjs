// The first click on a slow phone: npm run slow-phone [-- --against <checkout>]
// A page with one button at 4 x CPU and slow 4G. `--against`: another checkout of this repository, built, taking turns.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromiumLaunch } from '@org/tooling/chromium'
import { chromium } from '@playwright/test'
import { mediansOf } from '../median.mjs'
import { PAGES } from './pages.mjs'
import { servePage } from './servePage.mjs'
import { weigh } from './weigh.mjs'

const ROUNDS = 9
const LIMIT_MS = 60_000
/** As Lighthouse has it: 1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back. */
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 }
const CPU_TIMES_SLOWER = 4

const { values: options } = parseArgs({ options: { against: { type: 'string' } } })
const here = fileURLToPath(new URL('../../../../', import.meta.url))
const contestants = { now: here, ...(options.against && { before: options.against }) }
const { code } = PAGES.find(({ name }) => name === 'one button')

const browser = await chromium.launch(chromiumLaunch())
const pages = {}
try {
  for (const [name, checkout] of Object.entries(contestants)) pages[name] = await built(checkout)
  const taken = Object.fromEntries(Object.keys(pages).map((name) => [name, []]))
  for (let round = 0; round < ROUNDS; round += 1) for (const name of Object.keys(pages)) taken[name].push(await visit(pages[name].url))
  console.table(Object.fromEntries(Object.entries(taken).map(([name, visits]) => [name, mediansOf(visits)])))
} finally {
  await browser.close()
  for (const { close } of Object.values(pages)) close()
}

/** Inside the checkout, so that the page finds what that one has. */
async function built(checkout) {
  const scratch = join(checkout, 'apps/bench/.results/')
  mkdirSync(scratch, { recursive: true })
  const where = mkdtempSync(join(scratch, 'phone-'))
  const served = await servePage((await weigh(code, where)).folder)
  const close = () => {
    served.close()
    rmSync(where, { recursive: true, force: true })
  }
  return { ...served, close }
}

/** Milliseconds from the start of the navigation to the button, to one that can be clicked, to what a click shows and to its end. */
async function visit(url) {
  const context = await browser.newContext()
  const page = await context.newPage()
  try {
    const session = await context.newCDPSession(page)
    await session.send('Network.enable')
    await session.send('Network.emulateNetworkConditions', SLOW_4G)
    await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_TIMES_SLOWER })
    await page.addInitScript(clickAtOnce)
    await page.goto(url, { waitUntil: 'commit' })
    await page.waitForFunction(() => globalThis.seen.successMs !== undefined, null, { timeout: LIMIT_MS, polling: 50 })
    return await page.evaluate(() => globalThis.seen)
  } finally {
    await context.close()
  }
}

/** In the page: clicks the moment it can, and notes when what was to be seen. */
function clickAtOnce() {
  globalThis.seen = {}
  const note = (what) => {
    globalThis.seen[what] ??= Math.round(performance.now())
  }
  const look = () => {
    const button = document.querySelector('[data-part="button"]')
    if (button) {
      note('shownMs')
      const { state } = button.dataset
      const isReady = button.getAttribute('aria-disabled') !== 'true'
      if (isReady && globalThis.seen.clickableMs === undefined) {
        note('clickableMs')
        button.click()
      } else if (state !== 'idle') note('lockedMs')
      if (state === 'success') note('successMs')
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}
