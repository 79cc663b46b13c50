import type { Page } from '@playwright/test'
import { acceptedMessages, apiOf } from '../harness/apiOf.js'
import { showSample } from '../harness/guideSample.js'
import { expect, test } from '../harness/journey.js'

test.use({ file: import.meta.url })

// The samples as the guide prints them, on the demo's origin, under its session cookie and without any configuration.
const signIn = (page: Page, url: string) => page.request.post(`${url}/_stand-ins/token`, { data: { user: 'ana' } })
const told = (page: Page) => page.evaluate(() => (globalThis as unknown as { told: string[] }).told)

test('pattern 1 as written: booking, SMS and status in sequence', async ({ page, demo }) => {
  await signIn(page, demo.url)
  const props = `appointment={{ id: 'apt-123' }} lead={{ id: 'lead-123', firstName: 'Anna', status: 'new' }}`
  await showSample(page, { url: demo.url, name: 'AppointmentConfirmationWorkflow', props })

  await page.getByRole('button', { name: 'Confirm booking' }).click()
  await page.getByRole('button', { name: 'Send SMS' }).click()
  await page.locator('[data-component="LeadStatusButton"]').click()
  await page.getByRole('menuitemradio', { name: 'Qualified' }).click()

  await expect.poll(() => told(page)).toEqual(['Workflow completed'])
  const api = await apiOf(demo.url, 'ana')
  expect(await api.appointment('apt-123')).toMatchObject({ status: 'confirmed', version: 2 })
  expect(await api.lead('lead-123')).toMatchObject({ status: 'qualified' })
  expect(await api.smsHistory('lead-123')).toHaveLength(1)
})

test('pattern 2 as written: a bare fetch with a session cookie changes the lead, and text/plain is taken for JSON', async ({
  page,
  demo,
}) => {
  await signIn(page, demo.url)
  const props = `lead={{ id: 'lead-124', status: 'new' }} onStatusChange={(status) => window.statuses.push(status)}`
  await showSample(page, { url: demo.url, name: 'OptimisticLeadStatusUpdate', props })

  const request = page.waitForRequest('**/api/leads/lead-124/update-status')
  await page.getByRole('button', { name: 'new' }).click()
  expect((await request).headers()['content-type']).toMatch(/^text\/plain/)
  await expect(page.getByRole('button', { name: 'qualified' })).toBeDisabled()

  await expect.poll(() => page.evaluate(() => (globalThis as unknown as { statuses: string[] }).statuses)).toEqual(['qualified'])
  expect(await (await apiOf(demo.url, 'ana')).lead('lead-124')).toMatchObject({ status: 'qualified', updated_by: 'user-456' })
})

test('pattern 2 as written: without a network it goes back and says so', async ({ page, demo }) => {
  await signIn(page, demo.url)
  const props = `lead={{ id: 'lead-125', status: 'new' }} onStatusChange={(status) => window.statuses.push(status)}`
  await showSample(page, { url: demo.url, name: 'OptimisticLeadStatusUpdate', props })
  await page.context().setOffline(true)

  await page.getByRole('button', { name: 'new' }).click()

  await expect.poll(() => told(page)).toEqual(['Failed to update status'])
  await expect(page.getByRole('button', { name: 'new' })).toBeEnabled()
})

test('pattern 3 as written: another person’s change flashes with who made it', async ({ page, demo }) => {
  await signIn(page, demo.url)
  await showSample(page, {
    url: demo.url,
    name: 'CollaborativeLeadCard',
    props: `lead={{ id: 'lead-1', name: 'Anna Kim', status: 'new' }}`,
  })
  await expect(page.getByText('Anna Kim - new')).toBeVisible()
  const card = page.locator('#root > div')
  await expect(card).not.toHaveClass('bg-yellow-100')

  // Changes come by polling here; a page that was away asks as soon as it is back.
  await page.waitForResponse('**/api/sync/changes**')
  await page.context().setOffline(true)
  await (await apiOf(demo.url, 'ben')).post('/api/leads/update-status', { leadId: 'lead-1', status: 'negotiating' })
  await page.context().setOffline(false)

  await expect(page.getByText('Updated by user-789')).toBeVisible()
  await expect(card).toHaveClass('bg-yellow-100')
})

test('pattern 4 as written: the banner counts what waits, and the queue goes on when the network is back', async ({ page, demo }) => {
  await signIn(page, demo.url)
  const beside = '<CriticalButtons.BookingConfirmButton appointmentId="apt-124" />'
  await showSample(page, { url: demo.url, name: 'OfflineIndicator', beside })
  // The server is out of reach before the browser notices that it is offline.
  await page.route('**/api/bookings/confirm', (route) => route.abort())
  await page.getByRole('button', { name: 'Confirm booking' }).click()
  await expect(page.locator('[data-component="BookingConfirmButton"]')).toHaveAttribute('data-state', /retrying|queued/)

  await page.context().setOffline(true)
  await expect(page.getByText('Offline (1 pending actions)')).toBeVisible()
  await page.unroute('**/api/bookings/confirm')
  await page.context().setOffline(false)

  await expect(page.getByText('pending actions')).toBeHidden()
  await expect(page.getByRole('button', { name: 'Confirmed' })).toBeVisible()
  expect(await (await apiOf(demo.url, 'ana')).appointment('apt-124')).toMatchObject({ status: 'confirmed', version: 2 })
})

test('the dashboard’s own workflow does each step once', async ({ openAs, demo }) => {
  const ana = await openAs('ana', '#patterns/workflow')
  await ana.getByRole('button', { name: 'Confirm booking' }).click()
  await expect(ana.getByRole('button', { name: 'Send SMS' })).toBeVisible()
  await ana.getByRole('button', { name: 'Send SMS' }).click()
  await expect(ana.locator('main [data-component="LeadStatusButton"]')).toBeVisible()
  await expect(ana.locator('[aria-current="step"]')).toHaveText('Move the lead on')
  expect((await acceptedMessages(demo.url)).filter(({ body }) => body.includes('is confirmed.'))).toHaveLength(1)
})
