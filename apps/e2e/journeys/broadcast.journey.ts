import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { apiOf, setFaults } from '../harness/apiOf.js'
import { chooseStatus, statusButton, untilLive } from '../harness/dashboard.js'
import { expect, test } from '../harness/journey.js'

// The leads are a team's own contacts: another schema, uuids, words of its own.
test.use({ file: import.meta.url, environment: { MIGRATIONS_DIRS: fileURLToPath(new URL('mapped', import.meta.url)) } })

const [MIRA, JON, ADA, LEA] = [1, 2, 3, 9].map((end) => `7d9f4f0e-0000-4000-8000-00000000000${end}`) as [string, string, string, string]

/** What comes over the page's realtime connection from its next load on. */
function heardBy(page: Page): string[] {
  const heard: string[] = []
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.push(payload.toString())))
  return heard
}

const broadcasts = (heard: readonly string[], id: string) => heard.filter((frame) => frame.includes('sync:leads:') && frame.includes(id))

test('a contact changed by ana is shown in her other tab and at ben’s, by one broadcast; eve hears nothing', async ({ openAs }) => {
  const ana = await openAs('ana', '#leads')
  const second = await ana.context().newPage()
  await second.goto(ana.url())
  const ben = await openAs('ben', '#leads')
  const eve = await openAs('eve', '#leads')
  const [heardByBen, heardByEve] = [heardBy(ben), heardBy(eve)]
  await ben.reload()
  await eve.reload()
  for (const page of [ana, second, ben, eve]) await untilLive(page)
  await expect(eve.locator('[data-lead]')).toHaveCount(1)
  await expect(statusButton(eve, LEA)).toBeVisible()
  const asked: string[] = []
  ben.on('request', (request) => asked.push(request.url()))

  await chooseStatus(ana, MIRA, 'Contacted')

  for (const page of [ana, second, ben]) await expect(statusButton(page, MIRA)).toHaveText('Contacted')
  await expect.poll(() => broadcasts(heardByBen, MIRA).length).toBe(1)
  // It was told, not asked for.
  expect(asked.filter((url) => url.includes('/api/'))).toEqual([])

  await chooseStatus(second, JON, 'Qualified')
  for (const page of [ana, second, ben]) await expect(statusButton(page, JON)).toHaveText('Qualified')

  await chooseStatus(eve, LEA, 'Contacted')
  await expect(statusButton(eve, LEA)).toHaveText('Contacted')
  await expect.poll(() => broadcasts(heardByEve, LEA).length).toBe(1)
  expect(heardByEve.filter((frame) => [MIRA, JON, 'org-1'].some((word) => frame.includes(word)))).toEqual([])
  expect(heardByBen.filter((frame) => [LEA, 'org-2'].some((word) => frame.includes(word)))).toEqual([])
})

test('while nobody can connect ben’s screen is right within seconds, and live again afterwards', async ({ openAs, demo }) => {
  const ana = await apiOf(demo.url, 'ana')
  const set = (status: string) => ana.post('/api/leads/update-status', { leadId: ADA, status })
  const ben = await openAs('ben', '#leads')
  await untilLive(ben)

  await setFaults(demo.url, { realtime: { down: true } })
  await set('contacted')
  await expect(statusButton(ben, ADA)).toHaveText('Contacted', { timeout: 6_000 })

  await set('qualified')
  await setFaults(demo.url)
  await expect(statusButton(ben, ADA)).toHaveText('Qualified', { timeout: 6_000 })
  await untilLive(ben)
  await set('negotiating')
  await expect(statusButton(ben, ADA)).toHaveText('Negotiating', { timeout: 2_000 })
})
