// `npm run pictures`: takes the README's pictures anew, of the running demo and of the documentation's components, light and
// dark, into .github/pictures. Look at them before you keep them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromiumLaunch } from '@org/tooling/chromium'
import { chromium } from '@playwright/test'
import { npm } from '../release/commands.mjs'
import { startProgram } from '../release/startProgram.mjs'
import { serveSite } from './serveSite.mjs'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const PICTURES = join(ROOT, '.github/pictures')
const DEMO = fileURLToPath(import.meta.resolve('@org/demo/main'))
const SCHEMES = ['light', 'dark']
/** Sharp on most screens, and below 100 kB. */
const SCALE = 1.5
const QUALITY = 0.82

mkdirSync(PICTURES, { recursive: true })
const data = mkdtempSync(join(tmpdir(), 'pictures-'))
const browser = await chromium.launch(chromiumLaunch())
try {
  await npm(['run', '--silent', 'docs:build'], { cwd: join(ROOT, 'apps/docs') })
  const site = await serveSite(join(ROOT, 'apps/docs/.vitepress/dist'))
  for (const colorScheme of SCHEMES) await takeStates(site.url, colorScheme)
  await site.stop()
  for (const colorScheme of SCHEMES) await takeDashboard(colorScheme)
} finally {
  await browser.close()
  rmSync(data, { recursive: true, force: true })
}

/** The states of a button, as the documentation draws them: the components themselves. */
async function takeStates(url, colorScheme) {
  const page = await open({ colorScheme, width: 1_280, height: 900 })
  await page.goto(`${url}/guide/components.html`)
  for (const component of ['BookingConfirmButton', 'LeadStatusButton']) {
    const states = page.locator(`state-pictures[of="${component}"]`)
    await states.locator('[data-component]').first().waitFor()
    await keep(page, await states.screenshot({ animations: 'disabled' }), `${component}-${colorScheme}`)
  }
  await page.context().close()
}

/** A desk on which one booking is confirmed and another waits for the network. */
async function takeDashboard(colorScheme) {
  const demo = await startProgram(DEMO, { env: { PORT: '0', DEMO_DATA_DIR: join(data, colorScheme) } })
  try {
    const page = await open({ colorScheme, width: 1_200, height: 760 })
    await page.context().request.post(`${demo.url}/_stand-ins/token`, { data: { user: 'ana' } })
    await page.goto(demo.url)
    await page.locator('[data-realtime="live"]').waitFor()
    const confirm = (id) => page.locator(`[data-appointment="${id}"] [data-component="BookingConfirmButton"]`)
    await confirm('apt-123').click()
    await page.locator('[data-appointment="apt-123"] [data-state="success"]').waitFor()
    await page.context().setOffline(true)
    await confirm('apt-124').click()
    await page.locator('[data-appointment="apt-124"] [data-state="queued"]').waitFor()
    await keep(page, await page.screenshot({ animations: 'disabled' }), `dashboard-${colorScheme}`)
    await page.context().close()
  } finally {
    await demo.stop()
  }
}

async function open({ colorScheme, width, height }) {
  const context = await browser.newContext({ colorScheme, viewport: { width, height }, deviceScaleFactor: SCALE })
  return context.newPage()
}

/** As WebP, which the browser makes, and which weighs a fifth of a PNG. */
async function keep(page, png, name) {
  const url = await page.evaluate(
    async ([source, quality]) => {
      const image = new Image()
      image.src = source
      await image.decode()
      const canvas = Object.assign(document.createElement('canvas'), { width: image.naturalWidth, height: image.naturalHeight })
      canvas.getContext('2d').drawImage(image, 0, 0)
      return canvas.toDataURL('image/webp', quality)
    },
    [`data:image/png;base64,${png.toString('base64')}`, QUALITY],
  )
  const bytes = Buffer.from(url.split(',')[1], 'base64')
  writeFileSync(join(PICTURES, `${name}.webp`), bytes)
  console.log(`.github/pictures/${name}.webp: ${Math.round(bytes.length / 1_024)} kB`)
}
