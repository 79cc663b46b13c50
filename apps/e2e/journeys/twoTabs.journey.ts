import { apiOf } from '../harness/apiOf.js'
import { chooseStatus, confirmButton, statusButton, untilLive } from '../harness/dashboard.js'
import { expect, test } from '../harness/journey.js'

test.use({ file: import.meta.url })

test('ana confirms a booking and ben’s tab shows it without a reload', async ({ openAs, demo }) => {
  const ana = await openAs('ana')
  const ben = await openAs('ben')
  await untilLive(ben)
  await expect(confirmButton(ben, 'apt-123')).toHaveAttribute('data-state', 'idle')

  await confirmButton(ana, 'apt-123').click()

  await expect(confirmButton(ana, 'apt-123')).toHaveText('Confirmed')
  await expect(confirmButton(ben, 'apt-123')).toHaveText('Confirmed')
  expect(await (await apiOf(demo.url, 'ben')).appointment('apt-123')).toMatchObject({ version: 2, confirmed_by: 'user-456' })
})

test('ben’s open card flashes who changed the lead', async ({ openAs }) => {
  const ana = await openAs('ana', '#leads')
  const ben = await openAs('ben', '#leads/lead-124')
  await untilLive(ben)

  await chooseStatus(ana, 'lead-124', 'Contacted')

  await expect(ben.getByText('Updated by Ana')).toBeVisible()
  await expect(ben.locator('.lead-summary [data-component="LeadStatusButton"]')).toHaveText('Contacted')
  // It goes by itself after three seconds.
  await expect(ben.getByText('Updated by Ana')).toBeHidden()
})

test('a double click, and two clicks in one task, are one effect', async ({ openAs, demo }) => {
  const ana = await openAs('ana')
  const sent: string[] = []
  ana.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/bookings/confirm'))
      sent.push(request.headers()['idempotency-key'] ?? '')
  })

  await confirmButton(ana, 'apt-124').dblclick()
  await confirmButton(ana, 'apt-125').evaluate((button: HTMLButtonElement) => {
    button.click()
    button.click()
  })
  await expect(confirmButton(ana, 'apt-124')).toHaveText('Confirmed')
  await expect(confirmButton(ana, 'apt-125')).toHaveText('Confirmed')

  const api = await apiOf(demo.url, 'ana')
  expect((await api.appointment('apt-124')).version).toBe(2)
  expect((await api.appointment('apt-125')).version).toBe(2)
  expect(new Set(sent).size).toBe(2)
})

test('a final status asks first, and nothing happens when the answer is no', async ({ openAs, demo }) => {
  const ana = await openAs('ana', '#leads')
  await chooseStatus(ana, 'lead-9', 'Won')
  const dialog = ana.getByRole('alertdialog')
  await expect(dialog).toContainText('Mark this lead as won? This is final.')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toBeHidden()
  expect((await (await apiOf(demo.url, 'ana')).lead('lead-9')).version).toBe(1)

  await chooseStatus(ana, 'lead-9', 'Won')
  await dialog.getByRole('button', { name: /Mark as won/ }).click()

  await expect(statusButton(ana, 'lead-9')).toHaveAttribute('data-status', 'won')
  await expect.poll(async () => (await (await apiOf(demo.url, 'ana')).lead('lead-9')).status).toBe('won')
})

test('eve’s tab hears nothing of the other organisation', async ({ openAs }) => {
  const eve = await openAs('eve')
  const ben = await openAs('ben')
  const heard: string[] = []
  eve.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.push(payload.toString())))
  await eve.reload()
  await untilLive(eve)
  await untilLive(ben)

  const ana = await openAs('ana')
  await confirmButton(ana, 'apt-1').click()
  await expect(confirmButton(ben, 'apt-1')).toHaveText('Confirmed')

  await expect(eve.locator('[data-appointment]')).toHaveCount(2)
  await expect(eve.locator('[data-appointment="apt-1"]')).toHaveCount(0)
  expect(heard.length).toBeGreaterThan(0)
  expect(heard.filter((frame) => /apt-1"|org-1"/.test(frame))).toEqual([])
})
