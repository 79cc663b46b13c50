// The docs pages of Storybook (docsPages.mjs), and React Server Components for real: our built packages in a Next app
// (App Router), built, served, opened in Chromium and clicked. Started by `npm run test:release`; needs `npm run build`
// before it and the npm registry.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aLead, anAppointment } from '@org/contracts/testing'
import { chromiumLaunch } from '@org/tooling/chromium'
import { chromium } from 'playwright'
import { buildStorybook, checkDocsPages } from './docsPages.mjs'
import { buildNextApp, installNextApp, startNextApp } from './nextApp.mjs'

const storybook = mkdtempSync(join(tmpdir(), 'storybook-'))
try {
  buildStorybook(storybook)
  console.log(`ok: ${await checkDocsPages(storybook)} docs pages of Storybook pass axe, list every prop and show what they say`)
} finally {
  rmSync(storybook, { recursive: true, force: true, maxRetries: 5 })
}

const folder = mkdtempSync(join(tmpdir(), 'next-app-'))
try {
  await installNextApp(folder)
  console.log('ok: npm installs our packages beside Next')
  await buildNextApp(folder)
  console.log('ok: next build takes a server component that imports pure things and components')
  const app = await startNextApp(folder)
  try {
    await checkHtml(app.url)
    console.log('ok: the server renders statuses and buttons')
    await checkBrowser(app.url)
    console.log('ok: it hydrates without a warning, and a click is sent once')
  } finally {
    await app.stop()
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}

async function checkHtml(url) {
  const html = await (await fetch(url)).text()
  for (const part of [
    'Proposal Sent',
    '<p id="same">true</p>',
    'data-component="BookingConfirmButton"',
    'data-component="LeadStatusButton"',
  ]) {
    assert.ok(html.includes(part), `The page that the server renders lacks ${part}.`)
  }
}

async function checkBrowser(url) {
  const browser = await chromium.launch(chromiumLaunch())
  try {
    const page = await browser.newPage()
    const complaints = []
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    const keys = await answerTheApi(page)
    await page.goto(url)
    await page.locator('[data-component="BookingConfirmButton"]:not([aria-disabled])').dblclick()
    await page.getByRole('button', { name: 'Confirmed' }).waitFor()
    await page.getByRole('button', { name: /^Status/ }).click()
    await page.getByRole('menuitemradio', { name: 'Won' }).click()
    await page.getByRole('alertdialog', { name: /^Mark .+ as won\?$/ }).waitFor()
    await page.keyboard.press('Escape')
    assert.equal(new Set(keys).size, 1, `The double click was sent as ${keys.length} mutations.`)
    assert.deepEqual(complaints, [])
  } finally {
    await browser.close()
  }
}

/** Stands in for the API: signed in, nothing to catch up with, and a booking that can be confirmed. */
async function answerTheApi(page) {
  const keys = []
  const appointment = anAppointment({ status: 'confirmed', version: 2 })
  const answers = {
    '/api/session': { actor: 'user-456', tenant: 'org-1' },
    '/api/sync/changes': { changes: [], next: '1', hasMore: false, horizonLagMs: 0, epoch: '1' },
    '/api/appointments': { appointments: [anAppointment()], nextCursor: null },
    '/api/leads': { leads: [aLead()], nextCursor: null },
    '/api/bookings/confirm': { success: true, appointment },
    '/api/status/sms': { state: 'CLOSED', failuresInWindow: 0 },
  }
  await page.route('**/api/**', (route) => {
    const request = route.request()
    const key = request.headers()['idempotency-key']
    if (key !== undefined) keys.push(key)
    const json = answers[new URL(request.url()).pathname]
    const headers = key === undefined ? {} : { 'Idempotency-Key': key, 'Idempotency-Outcome': 'recorded' }
    return json === undefined ? route.fulfill({ status: 404, json: {} }) : route.fulfill({ json, headers })
  })
  return keys
}
