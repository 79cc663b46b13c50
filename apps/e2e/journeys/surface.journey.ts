import type { Locator, Page } from '@playwright/test'
import { confirmButton, statusButton, untilLive } from '../harness/dashboard.js'
import { expect, test } from '../harness/journey.js'
import { isOnTop, overlaps, tabThrough } from '../harness/surface.js'

test.use({ file: import.meta.url })

const selectAll = (page: Page) => page.getByLabel('Select all')
const box = async (locator: Locator) => (await locator.boundingBox())!

test('the first stop of the keyboard is the skip link, in front of everything', async ({ openAs }) => {
  const page = await openAs('ana', '#leads')
  await untilLive(page)
  await page.keyboard.press('Tab')

  const skip = page.getByRole('button', { name: 'Skip to the content' })
  await expect(skip).toBeFocused()
  expect(await isOnTop(skip)).toBe(true)
})

test('the whole way by keyboard: tab, confirm, hear that it is done', async ({ openAs }) => {
  const page = await openAs('ana')
  await untilLive(page)
  await confirmButton(page, 'apt-1').focus()
  await page.keyboard.press('Enter')

  await expect(confirmButton(page, 'apt-1')).toHaveText('Confirmed')
  await expect(confirmButton(page, 'apt-1')).toBeFocused()
  await expect(page.locator('[data-live-announcer]').filter({ hasText: 'Booking confirmed' })).toHaveCount(1)
})

for (const size of [
  { width: 1280, height: 800 },
  { width: 360, height: 740 },
]) {
  test(`the keyboard reaches nothing behind the bulk toolbar or the header at ${size.width} px`, async ({ openAs }) => {
    const page = await openAs('ana', '#leads')
    await page.setViewportSize(size)
    await untilLive(page)
    await selectAll(page).check()
    await expect(page.getByRole('region', { name: 'Selected leads' })).toBeVisible()

    expect(await tabThrough(page, 'Tab', 40)).toEqual([])
    expect(await tabThrough(page, 'Shift+Tab', 40)).toEqual([])
  })
}

test('a button in view says by itself how its click ended; one left behind leaves a note that covers no control', async ({
  openAs,
  demo,
}) => {
  const page = await openAs('ana')
  await untilLive(page)
  await confirmButton(page, 'apt-123').click()
  await expect(confirmButton(page, 'apt-123')).toHaveText('Confirmed')
  await expect(page.getByText('is confirmed')).toHaveCount(0)

  let answer = () => {}
  const wanted = new Promise<void>((resolve) => {
    answer = resolve
  })
  await page.route('**/api/bookings/confirm', async (route) => {
    await wanted
    await route.continue()
  })
  await confirmButton(page, 'apt-124').click()
  await page.goto(`${demo.url}/#leads/lead-123`)
  await page.locator('.lead-card h2').waitFor()
  answer()

  const note = page.locator('.toast').filter({ hasText: 'Site visit is confirmed' })
  await expect(note).toBeVisible()
  expect(await overlaps(note, 'a, button, input, select, textarea')).toEqual([])
})

test('what is said about one row’s click moves no name, and makes no row higher', async ({ openAs }) => {
  const page = await openAs('ana', '#leads/lead-1')
  await untilLive(page)
  await page.route('**/api/leads/update-status', (route) =>
    route.fulfill({ status: 422, json: { success: false, error: 'Invalid status', code: 'VALIDATION_FAILED', retryable: false } }),
  )
  const names = page.locator('tbody .lead-name')
  const widths = () => names.evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().width))
  const heights = () => page.locator('tbody tr[data-lead]').evaluateAll((rows) => rows.map((row) => row.clientHeight))
  const before = [await widths(), await heights()]

  await statusButton(page, 'lead-2').click()
  await page.getByRole('menuitemradio', { name: 'Qualified', exact: true }).click()
  const sign = page.locator('[data-lead="lead-2"] [data-part="status-toggle"]')
  await expect(sign).toBeVisible()
  expect([await widths(), await heights()]).toEqual(before)

  await sign.click()
  await expect(page.locator('[data-lead="lead-2"] [data-part="status-text"]')).toBeVisible()
  expect([await widths(), await heights()]).toEqual(before)
})

test('where there is room for no word, the live badge has a shape for each state, and all leads can be selected', async ({ openAs }) => {
  const page = await openAs('ana', '#leads')
  await page.setViewportSize({ width: 320, height: 640 })
  await untilLive(page)
  const shape = () => page.locator('.realtime-badge path').getAttribute('d')
  const live = await shape()
  await page.context().setOffline(true)
  await expect(page.locator('.realtime-badge')).toHaveText('Not live')
  expect(await shape()).not.toBe(live)
  await page.context().setOffline(false)

  await selectAll(page).check()
  await expect(page.getByRole('region', { name: 'Selected leads' })).toContainText('14 selected')
})

test('offline and sending are told in one place, and nothing moves for it', async ({ openAs }) => {
  const page = await openAs('ana')
  await untilLive(page)
  const news = page.locator('[data-component="OfflineIndicator"]')
  const heading = page.getByRole('heading', { level: 1 })
  const at = (await box(heading)).y

  await page.context().setOffline(true)
  await expect(news).toHaveAttribute('data-state', 'offline')
  const place = await box(news)
  expect((await box(heading)).y).toBe(at)
  expect(place.y + place.height).toBeLessThanOrEqual(at)

  await page.route('**/api/bookings/confirm', () => {})
  await confirmButton(page, 'apt-125').click()
  await page.context().setOffline(false)
  await expect(news).toHaveAttribute('data-state', 'sending')
  await expect(news).toBeVisible()
  expect((await box(news)).y).toBe(place.y)
  expect((await box(heading)).y).toBe(at)
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

test('a message too long is not cut: it says by how much, and what sends it stays on the screen', async ({ openAs }) => {
  const page = await openAs('ana', '#leads/lead-2')
  await page.setViewportSize({ width: 1280, height: 800 })
  const message = page.getByLabel('Message')
  const send = page.locator('[data-component="SendSMSButton"]')
  await message.fill('word '.repeat(320))
  await expect(message).toHaveAccessibleDescription('1,600 of 1,600 · 11 SMS')
  await send.scrollIntoViewIfNeeded()
  await expect(message).toBeInViewport({ ratio: 1 })
  await expect(send).not.toHaveAttribute('aria-disabled', 'true')

  await message.fill('word '.repeat(328))
  await expect(message).toHaveAccessibleDescription('1,640 of 1,600 · 40 too many')
  await expect(message).toHaveAttribute('aria-invalid', 'true')
  await expect(send).toHaveAttribute('aria-disabled', 'true')
})

test('a server that fails is not called out of reach, and no count is made up', async ({ openAs, demo }) => {
  const page = await openAs('ana', '#sync')
  await page
    .context()
    .route('**/api/leads?**', (route) =>
      route.fulfill({ status: 500, json: { success: false, error: 'Internal error', code: 'INTERNAL', retryable: true } }),
    )
  await page.goto(`${demo.url}/?again#leads`)

  await expect(page.getByRole('alert')).toContainText('Something is wrong on the server. We keep trying.')
  await expect(page.getByText('of 0 shown')).toHaveCount(0)
})

test('a list that takes long says that it is still loading', async ({ openAs, demo }) => {
  const page = await openAs('ana', '#sync')
  await page.context().route('**/api/leads?**', () => {})
  await page.clock.install()
  await page.goto(`${demo.url}/?slow#leads`)
  await expect(page.locator('.loading-row').first()).toBeVisible()
  await expect(page.getByText('Still loading the leads …')).toHaveCount(0)

  await page.clock.runFor(5_000)
  await expect(page.getByText('Still loading the leads …')).toBeVisible()
})

test('each view has its title, and each confirm button the appointment it is about', async ({ openAs, demo }) => {
  const page = await openAs('ana')
  await untilLive(page)
  await expect(page).toHaveTitle('Appointments · Front desk')
  await expect(confirmButton(page, 'apt-2')).toHaveAccessibleDescription('Follow-up call')
  await page.goto(`${demo.url}/#leads/lead-2`)
  await expect(page).toHaveTitle('Sofia Rossi · Leads · Front desk')
  await expect(page.locator('.lead-card [data-component="BookingConfirmButton"]')).toHaveAccessibleDescription(/^Follow-up call /)
  await page.goto(`${demo.url}/#sync`)
  await expect(page).toHaveTitle('Sync · Front desk')
})
