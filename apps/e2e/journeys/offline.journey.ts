import { apiOf } from '../harness/apiOf.js'
import { chooseStatus, confirmButton, untilKept, untilLive } from '../harness/dashboard.js'
import { expect, test } from '../harness/journey.js'

test.use({ file: import.meta.url })

test('two clicks offline, a reload offline, and both take effect once when the network returns', async ({ openAs, demo }) => {
  const ana = await openAs('ana')
  await untilLive(ana)
  await untilKept(ana)

  await ana.context().setOffline(true)
  await confirmButton(ana, 'apt-123').click()
  await confirmButton(ana, 'apt-124').click()
  for (const id of ['apt-123', 'apt-124']) await expect(confirmButton(ana, id)).toHaveAttribute('data-state', 'queued')
  await expect(ana.locator('[data-component="OfflineIndicator"]')).toContainText('2')

  await ana.reload()
  for (const id of ['apt-123', 'apt-124']) await expect(confirmButton(ana, id)).toHaveAttribute('data-state', 'queued')
  await expect(ana.locator('[data-component="OfflineIndicator"]')).toContainText('2')
  const api = await apiOf(demo.url, 'ana')
  expect((await api.appointment('apt-123')).status).toBe('pending')

  await ana.context().setOffline(false)
  for (const id of ['apt-123', 'apt-124']) await expect(confirmButton(ana, id)).toHaveText('Confirmed')
  await expect(ana.locator('[data-component="OfflineIndicator"]')).toBeHidden()
  for (const id of ['apt-123', 'apt-124']) expect(await api.appointment(id)).toMatchObject({ status: 'confirmed', version: 2 })
})

test('three changes of one lead made offline arrive in order', async ({ openAs, demo }) => {
  const ana = await openAs('ana', '#leads')
  await untilLive(ana)
  await ana.context().setOffline(true)
  await chooseStatus(ana, 'lead-125', 'Contacted')
  await chooseStatus(ana, 'lead-125', 'Qualified')
  await chooseStatus(ana, 'lead-125', 'Contacted')

  await ana.context().setOffline(false)

  const api = await apiOf(demo.url, 'ana')
  await expect.poll(async () => (await api.lead('lead-125')).version).toBe(4)
  expect((await api.lead('lead-125')).status).toBe('contacted')
})

test('another user’s queue is not sent: ana’s offline click waits until ana is back', async ({ openAs, demo }) => {
  const page = await openAs('ana')
  await untilLive(page)
  await page.context().setOffline(true)
  await confirmButton(page, 'apt-1').click()
  await expect(confirmButton(page, 'apt-1')).toHaveAttribute('data-state', 'queued')

  await page.getByLabel('Ben').check({ force: true })
  await page.context().setOffline(false)
  await untilLive(page)
  const api = await apiOf(demo.url, 'ben')
  await confirmButton(page, 'apt-2').click()
  await expect(confirmButton(page, 'apt-2')).toHaveText('Confirmed')
  expect((await api.appointment('apt-1')).status).toBe('pending')

  await page.getByLabel('Ana').check({ force: true })
  await expect(confirmButton(page, 'apt-1')).toHaveText('Confirmed')
  expect(await api.appointment('apt-1')).toMatchObject({ version: 2, confirmed_by: 'user-456' })
})

test('what waits is named by its record and its person, not by ids', async ({ openAs, demo }) => {
  const ana = await openAs('ana', '#leads')
  await untilLive(ana)
  await untilKept(ana)
  await ana.context().setOffline(true)
  await chooseStatus(ana, 'lead-3', 'Qualified')
  await ana.goto(`${demo.url}/#sync`)
  const waiting = ana.getByRole('listitem').filter({ hasText: 'Set David Okafor to Qualified' })
  await expect(waiting).toContainText('It is sent when the network is back.')
  await expect(ana.locator('main ul')).not.toContainText(/user-456|lead-3/)
  await ana.getByText('Details for support').click()
  await expect(ana.locator('[data-fact="Signed in"]')).toHaveText(/^Ana/)
  await expect(ana.locator('main')).not.toContainText(/user-456|configureCriticalButtons/)

  await ana.context().setOffline(false)
  await expect(ana.getByText('Nothing waits', { exact: true })).toBeVisible()
  const api = await apiOf(demo.url, 'ana')
  await expect.poll(async () => (await api.lead('lead-3')).status).toBe('qualified')
})
