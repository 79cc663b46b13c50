import { apiOf } from '../harness/apiOf.js'
import { statusButton, untilLive } from '../harness/dashboard.js'
import { expect, test } from '../harness/journey.js'

test.use({ file: import.meta.url })

test('three selected leads change together, and ben sees all three', async ({ openAs, demo }) => {
  const ana = await openAs('ana', '#leads')
  const ben = await openAs('ben', '#leads')
  await untilLive(ben)
  for (const name of ['Anna Kim', 'Marcus Bell', 'Priya Nair']) await ana.getByLabel(`Select ${name}`).check()
  await ana.getByLabel('New status').selectOption('qualified')
  await ana.locator('[data-component="LeadStatusBulkUpdateButton"]').click()

  for (const id of ['lead-123', 'lead-124', 'lead-125']) {
    await expect(statusButton(ana, id)).toHaveAttribute('data-status', 'qualified')
    await expect(statusButton(ben, id)).toHaveAttribute('data-status', 'qualified')
  }
  const api = await apiOf(demo.url, 'ana')
  for (const id of ['lead-123', 'lead-124', 'lead-125']) await expect.poll(async () => (await api.lead(id)).version).toBe(2)
})

test('a change of many leads that is under way is still shown after a reload, with what became of it', async ({ openAs }) => {
  const ana = await openAs('ana', '#leads')
  for (const name of ['Anna Kim', 'Marcus Bell', 'Priya Nair']) await ana.getByLabel(`Select ${name}`).check()
  await ana.getByLabel('New status').selectOption('negotiating')
  await ana.route('**/api/leads/update-status', (route) => route.abort())
  const bulk = ana.locator('[data-component="LeadStatusBulkUpdateButton"]')
  await bulk.click()
  await expect(bulk).toHaveAttribute('data-attempt', /./)

  await ana.reload()
  await expect(bulk).toBeVisible()
  await expect(bulk).toContainText('Mark 3 leads as negotiating')
  await expect(bulk).toHaveAttribute('data-state', /running|retrying|queued/)
  await ana.unroute('**/api/leads/update-status')
  for (const id of ['lead-123', 'lead-124', 'lead-125']) await expect(statusButton(ana, id)).toHaveAttribute('data-status', 'negotiating')
  await expect(bulk).toBeHidden()
})

test('what could not be changed is named, and the rest is changed', async ({ openAs, demo }) => {
  const ana = await openAs('ana', '#leads')
  for (const name of ['Isabel Duarte', 'John Carter']) await ana.getByLabel(`Select ${name}`).check()
  await ana.getByLabel('New status').selectOption('negotiating')
  await ana.locator('[data-component="LeadStatusBulkUpdateButton"]').click()

  await expect(ana.locator('[data-component="LeadStatusBulkUpdateButton"]')).toHaveAttribute('data-state', 'partial')
  await expect(statusButton(ana, 'lead-1')).toHaveAttribute('data-status', 'negotiating')
  await expect(statusButton(ana, 'lead-10')).toHaveAttribute('data-status', 'won')
  expect((await (await apiOf(demo.url, 'ana')).lead('lead-10')).status).toBe('won')
})

test('everybody that a campaign reached is marked as contacted with one click', async ({ openAs, demo }) => {
  const ana = await openAs('ana', '#patterns/campaign')
  const card = ana.locator('[data-campaign="Chicago mailing"]')
  await expect(card).toContainText('11 leads')
  await card.getByRole('button').click()
  // Two of them are closed for good or contacted already; the button says so, and the card counts anew.
  await expect(card).toContainText('0 not contacted yet')
  const api = await apiOf(demo.url, 'ana')
  await expect
    .poll(async () => (await api.leads()).filter(({ phone, status }) => phone?.startsWith('+1312') && status === 'new'))
    .toEqual([])
})
