import { readFileSync } from 'node:fs'
import { freePort } from '@org/tooling/loopback'
import { expect, type Page, test } from '@playwright/test'
import { startApi } from '../sync-core/apiServer.js'
import { startPage, startWithoutCors } from './pageServer.js'

declare global {
  var identityErrors: { reason: string; message: string }[]
}

const DOCS = new URL('../../../docs/guide/troubleshooting.md', import.meta.url)

let site: { url: string; close(): Promise<void> }
test.beforeAll(async () => {
  site = await startPage()
})
test.afterAll(() => site.close())

const button = (page: Page) => page.getByRole('button', { name: 'Confirm booking' })

/** Opens the page; returns what it told a developer on the console. */
async function openPage(page: Page, query: string): Promise<string[]> {
  const lines: string[] = []
  page.on('console', (message) => message.text().startsWith('[critical-buttons]') && lines.push(message.text()))
  await page.goto(`${site.url}/${query}`)
  return lines
}

const apiAt = (url: string) => `?api=${encodeURIComponent(url)}`

interface Cause {
  name: string
  /** The page's query, and what ends what was started for it. */
  start(): Promise<{ query: string; close?: () => Promise<void> }>
  reason: string
  says: string
}

const UNREACHABLE = { reason: 'api-unreachable', says: 'The server cannot be reached right now' }
const MISCONFIGURED = { reason: 'api-misconfigured', says: 'Something else answers in place of the server' }

const CAUSES: Cause[] = [
  { name: 'there is no API', start: async () => ({ query: apiAt(`http://127.0.0.1:${await freePort()}`) }), ...UNREACHABLE },
  {
    name: 'CORS does not name the page',
    async start() {
      const api = await startWithoutCors()
      return { query: apiAt(api.url), close: api.close }
    },
    ...UNREACHABLE,
  },
  { name: 'a page of HTML says 404', start: async () => ({ query: apiAt('') }), ...MISCONFIGURED },
  { name: 'it was never configured', start: async () => ({ query: '' }), ...MISCONFIGURED },
  {
    name: 'the token function throws',
    async start() {
      const api = await startApi()
      return { query: `${apiAt(api.url)}&token-throws`, close: api.close }
    },
    reason: 'token-unavailable',
    says: 'It is not known right now whether you are signed in',
  },
]

for (const { name, start, reason, says } of CAUSES) {
  test(`${name}: the button says why, and one line on the console names the cause and the page about it`, async ({ page }) => {
    const { query, close } = await start()
    const lines = await openPage(page, query)
    await expect(button(page)).toHaveAttribute('title', says)
    await expect(button(page)).toHaveAccessibleDescription(says)
    await expect(button(page)).toHaveAttribute('aria-disabled', 'true')
    await expect.poll(() => lines).toEqual([expect.stringContaining(`guide/troubleshooting#${reason}`)])
    if (query !== '') expect(await page.evaluate(() => globalThis.identityErrors)).toEqual([expect.objectContaining({ reason })])
    expect(readFileSync(DOCS, 'utf8')).toContain(`{#${reason}}`)
    await close?.()
  })
}

test('nobody is signed in: the button says so, and no developer is bothered', async ({ page }) => {
  const api = await startApi()
  api.api.user = null
  const lines = await openPage(page, apiAt(api.url))
  await expect(button(page)).toHaveAttribute('title', 'You are not signed in')
  await expect(button(page)).toHaveAccessibleDescription('You are not signed in')
  expect(lines).toEqual([])
  await api.close()
})
