import type { Page } from '@playwright/test'
import { apiOf } from '../harness/apiOf.js'
import { statusButton, untilLive } from '../harness/dashboard.js'
import { expect, test } from '../harness/journey.js'

test.use({ file: import.meta.url, leads: 400 })

const selected = (page: Page) => page.getByRole('region', { name: 'Selected leads' }).locator('strong')
const names = (page: Page) => page.locator('tbody .lead-name').allTextContents()
const order = (page: Page, by: string) => page.getByRole('button', { name: by, exact: true }).click()

test('a long list is as long as its leads, and holds no more than what can be seen and a little around it', async ({ openAs }) => {
  const page = await openAs('ana', '#leads')
  await untilLive(page)
  await expect(page.getByText('400 leads', { exact: true })).toBeVisible()
  await expect(page.getByRole('table')).toHaveAttribute('aria-rowcount', '401')
  const drawn = page.locator('tbody tr[data-lead]')
  const height = () => page.evaluate(() => document.documentElement.scrollHeight)
  expect(await height()).toBeGreaterThan(400 * 40)
  for (const part of [0, 0.3, 0.7, 1]) {
    await page.evaluate((share) => window.scrollTo(0, share * document.documentElement.scrollHeight), part)
    await expect(drawn.first()).toBeAttached()
    await expect.poll(() => page.evaluate(nameInTheMiddle)).toMatch(/\w/)
    expect(await drawn.count()).toBeLessThan(60)
  }
  await expect(drawn.last()).toHaveAttribute('aria-rowindex', '401')
})

test('arrows, a page, and both ends are reached by keyboard; with Shift everything on the way is selected', async ({ openAs }) => {
  const page = await openAs('ana', '#leads')
  await untilLive(page)
  await expect(page.getByText('400 leads', { exact: true })).toBeVisible()
  const rowOfTheFocus = () => page.evaluate(() => Number(document.activeElement?.closest('tr')?.getAttribute('aria-rowindex')))
  await page.locator('tbody input').first().focus()

  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  expect(await rowOfTheFocus()).toBe(4)
  await page.keyboard.press('Space')
  await expect(selected(page)).toHaveText('1')
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Shift+ArrowDown')
  await expect(selected(page)).toHaveText('3')
  await page.keyboard.press('Shift+PageDown')
  await expect(selected(page)).toHaveText('18')
  await page.keyboard.press('End')
  await expect.poll(rowOfTheFocus).toBe(401)
  await expect(page.locator(':focus')).toBeInViewport()
  await page.keyboard.press('Shift+Space')
  await expect(selected(page)).toHaveText('398')
  await page.keyboard.press('Home')
  await expect.poll(rowOfTheFocus).toBe(2)
  await expect(page.locator(':focus')).toBeInViewport()
  await page.keyboard.press('Control+a')
  await expect(selected(page)).toHaveText('400')
})

test('a click with Shift selects from the last one on, in the order that is shown', async ({ openAs }) => {
  const page = await openAs('ana', '#leads')
  await untilLive(page)
  await order(page, 'Name')
  const shown = await names(page)
  expect(shown).toEqual([...shown].sort((a, b) => b.localeCompare(a)))
  await page.locator('tbody input').nth(5).click()
  await page
    .locator('tbody input')
    .nth(9)
    .click({ modifiers: ['Shift'] })
  await expect(selected(page)).toHaveText('5')
})

test('the head of a column puts the leads in its order, and says so', async ({ openAs }) => {
  const page = await openAs('ana', '#leads')
  await untilLive(page)
  await expect(page.getByText('400 leads', { exact: true })).toBeVisible()
  await order(page, 'Status')
  await expect(page.getByRole('columnheader', { name: 'Status' })).toHaveAttribute('aria-sort', 'ascending')
  await expect(page.locator('tbody .lead-status').first()).toHaveText('New')
  await order(page, 'Status')
  await expect(page.locator('tbody .lead-status').first()).toHaveText('Lost')

  await page.setViewportSize({ width: 320, height: 640 })
  await page.getByLabel('In order of').selectOption({ label: 'By name' })
  const first = await names(page)
  expect(first).toEqual([...first].sort((a, b) => a.localeCompare(b)))
})

test('the focus stays on its row however far that is scrolled away, and when another person moves it', async ({ openAs, demo }) => {
  const page = await openAs('ana', '#leads')
  await untilLive(page)
  await order(page, 'Status')
  await expect(page.getByText('400 leads', { exact: true })).toBeVisible()
  await page.locator('tbody input').nth(2).focus()
  const lead = await page.evaluate(() => document.activeElement?.closest('tr')?.dataset.lead ?? '')

  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight))
  await expect(page.locator(`[data-lead="${lead}"] input`)).toBeFocused()
  await page.evaluate(() => window.scrollTo(0, 0))
  const ben = await apiOf(demo.url, 'ben')
  await ben.post('/api/leads/update-status', { leadId: lead, status: 'negotiating' })
  await expect(statusButton(page, lead)).toHaveText(/Negotiating/)
  await expect(page.locator(`[data-lead="${lead}"] input`)).toBeFocused()
})

/** Runs in the page: the lead in the middle of the window; an empty list would have none. */
function nameInTheMiddle(): string {
  const element = document.elementFromPoint(window.innerWidth / 2, window.innerHeight / 2)
  return element?.closest('tr')?.querySelector('.lead-name')?.textContent ?? ''
}
