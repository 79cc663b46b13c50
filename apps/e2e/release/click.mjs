import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromiumLaunch } from '@org/tooling/chromium'
import { chromium } from '@playwright/test'
import { serve } from './consumer.mjs'
import { startProgram } from './startProgram.mjs'

const DEMO = fileURLToPath(import.meta.resolve('@org/demo/main'))

/**
 * One click in the consumer's built app, on another origin than the API; the row in the API's database is the proof.
 * @throws {Error} when the click took no effect, or the page complained
 */
export async function clickOnce(folder) {
  const app = await serve(folder)
  const demo = await startDemo(app.url)
  const browser = await chromium.launch(chromiumLaunch())
  try {
    const token = await tokenOf(demo.url)
    const page = await browser.newPage()
    const complaints = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    await page.addInitScript((given) => Object.assign(globalThis, given), { apiUrl: demo.url, token })
    await page.goto(app.url)
    await page.getByRole('button', { name: /confirm/i }).click()
    await page.waitForFunction(() => document.title === 'confirmed', null, { timeout: 20_000 })
    await expectConfirmed(demo.url, token)
    if (complaints.length > 0) throw new Error(`The page complained: ${complaints.join('; ')}`)
  } finally {
    await browser.close()
    await demo.stop()
    await app.stop()
  }
}

async function expectConfirmed(url, token) {
  const response = await fetch(`${url}/api/appointments?limit=200`, { headers: { authorization: `Bearer ${token}` } })
  const { appointments } = await response.json()
  const { status, version } = appointments.find(({ id }) => id === 'apt-123')
  if (status !== 'confirmed' || version !== 2) throw new Error(`apt-123 is ${status} at version ${version}, not confirmed at version 2.`)
}

async function tokenOf(url) {
  const response = await fetch(`${url}/_stand-ins/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"user":"ana"}',
  })
  return (await response.json()).access_token
}

async function startDemo(origin) {
  const data = mkdtempSync(join(tmpdir(), 'release-demo-'))
  const demo = await startProgram(DEMO, { env: { PORT: '0', DEMO_DATA_DIR: data, CORS_ORIGINS: origin } })
  const stop = async () => {
    await demo.stop()
    rmSync(data, { recursive: true, force: true })
  }
  return { url: demo.url, stop }
}
