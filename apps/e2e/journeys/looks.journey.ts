import type { Page } from '@playwright/test'
import { accessibilityProblems } from '../harness/accessibility.js'
import { setFaults } from '../harness/apiOf.js'
import { chooseStatus, confirmButton, sendButton, untilLive } from '../harness/dashboard.js'
import { expect, test } from '../harness/journey.js'

test.use({ file: import.meta.url })

/** For human eyes; looked at, not compared. */
const picture = (page: Page, name: string) => page.screenshot({ path: `.results/screenshots/${name}.png` })

const VIEWS = [
  ['appointments', '#appointments'],
  ['leads', '#leads'],
  ['lead-card', '#leads/lead-123'],
  ['sync', '#sync'],
] as const

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [name, hash] of VIEWS) {
    test(`${name} in ${colorScheme}: axe finds nothing`, async ({ openAs }) => {
      const page = await openAs('ana', hash)
      await page.emulateMedia({ colorScheme })
      await untilLive(page)
      await picture(page, `${name}-${colorScheme}`)
      expect(await accessibilityProblems(page)).toEqual([])
    })
  }
}

for (const width of [320, 768, 1600]) {
  test(`nothing is wider than a page of ${width} px`, async ({ openAs }) => {
    const page = await openAs('ana')
    await page.setViewportSize({ width, height: 800 })
    await untilLive(page)
    for (const [name, hash] of VIEWS) {
      await page.goto(`${new URL(page.url()).origin}/${hash}`)
      await page.locator('main [data-component]:visible').first().waitFor()
      expect([name, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([name, width])
      await picture(page, `${name}-${width}`)
    }
  })
}

test('the states a person may meet, for human eyes', async ({ openAs, demo }) => {
  const page = await openAs('ana')
  await untilLive(page)
  await confirmButton(page, 'apt-123').click()
  await expect(confirmButton(page, 'apt-123')).toHaveText('Confirmed')
  await page.context().setOffline(true)
  await confirmButton(page, 'apt-124').click()
  await expect(confirmButton(page, 'apt-124')).toHaveAttribute('data-state', 'queued')
  await picture(page, 'state-offline')
  await page.context().setOffline(false)
  await expect(confirmButton(page, 'apt-124')).toHaveText('Confirmed')

  await page.goto(`${demo.url}/#leads`)
  await chooseStatus(page, 'lead-9', 'Lost')
  await expect(page.getByRole('alertdialog')).toBeVisible()
  await picture(page, 'state-confirm')
  await page.keyboard.press('Escape')

  await setFaults(demo.url, { twilio: { mode: 'timeout' } })
  await page.goto(`${demo.url}/#leads/lead-124`)
  await sendButton(page).click()
  await expect(sendButton(page)).toHaveAttribute('data-state', 'checking')
  await picture(page, 'state-checking')
  await setFaults(demo.url)

  await page.getByRole('button', { name: 'Break something' }).click()
  await picture(page, 'state-faults')
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
