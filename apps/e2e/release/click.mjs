import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromiumLaunch } from '@org/tooling/chromium'
import { chromium } from '@playwright/test'
import { startProgram } from './startProgram.mjs'

/** A page that is compiled when it is first asked for, on a busy machine. Milliseconds. */
const START_MS = 60_000
const DEMO = fileURLToPath(import.meta.resolve('@org/demo/main'))

/**
 * One click in an app on another origin than the API; the row in the API's database is the proof.
 * @param {{
 *   origin: string, confirm?: boolean,
 *   serve: (api: string) => Promise<{ url: string, stop(): Promise<void> }>,
 * }} app `origin` may use the API; `serve` starts the app against it; `confirm`: the click asks first
 * @throws {Error} when the click took no effect, or the page complained
 */
export async function clickOnce({ origin, serve, confirm = false }) {
  const demo = await startDemo(origin)
  try {
    const app = await serve(demo.url)
    try {
      await clickIn(app.url, demo.url, confirm)
    } finally {
      await app.stop()
    }
  } finally {
    await demo.stop()
  }
}

async function clickIn(url, apiUrl, confirm) {
  const browser = await chromium.launch(chromiumLaunch())
  try {
    const token = await tokenOf(apiUrl)
    const page = await browser.newPage()
    const complaints = []
    page.on('pageerror', (error) => complaints.push(error.message))
    // A new app may have no icon; every browser asks for one.
    const isOurs = (message) => message.type() === 'error' && !/favicon/.test(message.location().url)
    page.on('console', (message) => isOurs(message) && complaints.push(message.text()))
    await page.addInitScript((given) => Object.assign(globalThis, given), { apiUrl, token })
    // What a server rendered takes no click before it has come to life, and then it asks who is signed in.
    const isAlive = page.waitForResponse((response) => response.url() === `${apiUrl}/api/session` && response.ok(), { timeout: START_MS })
    await page.goto(url, { timeout: START_MS })
    await isAlive
    await page.locator('[data-component="BookingConfirmButton"]:not([aria-disabled])').click()
    if (confirm)
      await page
        .getByRole('alertdialog')
        .getByRole('button', { name: /confirm/i })
        .click()
    await page.getByRole('button', { name: 'Confirmed' }).waitFor({ timeout: START_MS })
    await expectConfirmed(apiUrl, token)
    if (complaints.length > 0) throw new Error(`The page complained: ${complaints.join('; ')}`)
  } finally {
    await browser.close()
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
