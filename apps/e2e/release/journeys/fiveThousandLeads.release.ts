import type { Page } from '@playwright/test'
import { apiOf } from '../../harness/apiOf.js'
import { expect, test } from '../../harness/journey.js'

test.use({ file: import.meta.url, leads: 5_000 })

/** What a person is promised of a list of 5,000 on a quiet machine. Milliseconds, and elements of the page. */
const PROMISED = { rowsAfterData: 1_000, answer: 100, elements: 3_000 }
const TIMES = 20

const untilAll = (page: Page) => expect(page.getByText('5,000 leads', { exact: true })).toBeVisible({ timeout: 90_000 })

test('rows are there within a second of the first page of data, and the page stays small', async ({ openAs, demo }) => {
  const first = await openAs('ana', '#sync')
  // A tab of its own remembers no rows of an earlier visit.
  const page = await first.context().newPage()
  await page.addInitScript(() => {
    const seen = window as unknown as { firstRowAt?: number }
    const look = () => {
      if (document.querySelector('tbody tr[data-lead]')) seen.firstRowAt = performance.now()
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  await page.goto(`${demo.url}/#leads`)
  await untilAll(page)
  const { data, row } = await page.evaluate(() => {
    const [page] = performance.getEntriesByType('resource').filter(({ name }) => /\/api\/leads\?/.test(name)) as PerformanceResourceTiming[]
    return { data: page?.responseEnd ?? Number.NaN, row: (window as unknown as { firstRowAt: number }).firstRowAt }
  })
  const elements = await page.evaluate(() => document.querySelectorAll('*').length)
  console.log(`rows ${Math.round(row - data)} ms after the first data, ${elements} elements`)
  expect(row - data).toBeGreaterThan(0)
  expect(row - data).toBeLessThanOrEqual(PROMISED.rowsAfterData)
  expect(elements).toBeLessThanOrEqual(PROMISED.elements)
})

test('a checkbox and a menu answer within a tenth of a second', async ({ openAs }) => {
  const page = await openAs('ana', '#leads')
  await untilAll(page)
  const busy = await howBusy(page)
  const checkbox = await percentile(page, (nth) =>
    measure(page, { click: 'tbody tr[data-lead]:not([data-selected]) input', until: 'tbody tr[data-selected]', count: nth + 1 }),
  )
  await page.getByRole('button', { name: 'Clear selection' }).click()
  const menu = await percentile(page, async () => {
    await measure(page, {
      click: 'tbody [data-component="LeadStatusButton"]:not([aria-disabled])',
      until: '[role="menu"]:popover-open',
      count: 1,
    })
    await page.keyboard.press('Escape')
    await expect(page.getByRole('menu')).toHaveCount(0)
  })
  console.log(`checkbox ${checkbox} ms, menu ${menu} ms, 95th of 100, on a machine ${busy.toFixed(1)} times as slow as a quiet one`)
  const limit = PROMISED.answer * busy
  expect(checkbox).toBeLessThanOrEqual(limit)
  expect(menu).toBeLessThanOrEqual(limit)
})

test('5,000 leads change with one click, and how far that is can be read', async ({ openAs, demo }) => {
  test.setTimeout(240_000)
  const page = await openAs('ana', '#leads')
  await untilAll(page)
  await page.getByLabel('Select all').check()
  await page.getByRole('region', { name: 'Selected leads' }).getByRole('combobox').selectOption('contacted')
  const bulk = page.locator('[data-component="LeadStatusBulkUpdateButton"]')
  await bulk.click()

  await expect(page.getByRole('progressbar')).toBeVisible()
  await expect(page.getByText(/of 5,000 updated/).first()).toBeVisible({ timeout: 120_000 })
  // Won is final: those leads are named, all others are changed.
  await expect(bulk).toHaveAttribute('data-state', 'partial', { timeout: 180_000 })
  const api = await apiOf(demo.url, 'ana')
  expect((await api.leads()).filter(({ status }) => status !== 'contacted' && status !== 'won')).toEqual([])
})

/** Runs in the page's own time: from the click to the frame after the change was there. */
async function measure(page: Page, step: { click: string; until: string; count: number }): Promise<void> {
  await page.evaluate(async ({ click, until, count }) => {
    const times = window as unknown as { times?: number[] }
    const from = performance.now()
    document.querySelector<HTMLElement>(click)?.click()
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
    do await frame()
    while (document.querySelectorAll(until).length < count && performance.now() - from < 5_000)
    times.times = [...(times.times ?? []), performance.now() - from]
  }, step)
}

async function percentile(page: Page, once: (nth: number) => Promise<void>): Promise<number> {
  await page.evaluate(() => Object.assign(window, { times: [] }))
  for (let nth = 0; nth < TIMES; nth += 1) await once(nth)
  const times = await page.evaluate(() => (window as unknown as { times: number[] }).times)
  return Math.round(times.sort((a, b) => a - b)[Math.ceil(TIMES * 0.95) - 1] ?? Number.NaN)
}

/** How much longer the same piece of work takes now and then than when nobody else is there: other programs want the processor too. */
function howBusy(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const times: number[] = []
    for (let round = 0; round < 40; round += 1) {
      const from = performance.now()
      JSON.stringify(Array.from({ length: 100_000 }, (_, n) => n))
      times.push(performance.now() - from)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    times.sort((a, b) => a - b)
    return (times[37] ?? Number.NaN) / (times[0] ?? Number.NaN)
  })
}
