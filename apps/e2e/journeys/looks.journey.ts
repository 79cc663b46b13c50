import { accessibilityProblems, bringAxe } from '../harness/accessibility.js'
import { confirmButton, untilLive } from '../harness/dashboard.js'
import { expect, test } from '../harness/journey.js'
import { showView, VIEWS } from '../harness/views.js'

test.use({ file: import.meta.url })

test('axe finds nothing on any view, and none is wider than the smallest phone', async ({ openAs }) => {
  const page = await openAs('ana')
  await bringAxe(page)
  for (const [name, hash] of VIEWS) {
    await page.setViewportSize({ width: 1280, height: 900 })
    await showView(page, hash)
    expect([name, await accessibilityProblems(page)]).toEqual([name, []])
    await page.setViewportSize({ width: 320, height: 800 })
    expect([name, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([name, 320])
  }
})

test('the whole way by keyboard: tab, confirm, hear that it is done', async ({ openAs }) => {
  const page = await openAs('ana')
  await untilLive(page)
  await confirmButton(page, 'apt-125').focus()
  await page.keyboard.press('Enter')

  await expect(confirmButton(page, 'apt-125')).toHaveText('Confirmed')
  await expect(confirmButton(page, 'apt-125')).toBeFocused()
  await expect(page.locator('[data-live-announcer]').filter({ hasText: 'Booking confirmed' })).toHaveCount(1)
})
