import type { Page } from '@playwright/test'
import { accessibilityProblems, bringAxe } from '../../harness/accessibility.js'
import { setFaults } from '../../harness/apiOf.js'
import { chooseStatus, confirmButton, sendButton, untilLive } from '../../harness/dashboard.js'
import { expect, test } from '../../harness/journey.js'
import { showView, VIEWS } from '../../harness/views.js'

test.use({ file: import.meta.url })

/** For human eyes; looked at, not compared. */
const picture = (page: Page, name: string) => page.screenshot({ path: `.results/screenshots/${name}.png` })

for (const colorScheme of ['light', 'dark'] as const) {
  for (const direction of ['ltr', 'rtl'] as const) {
    test(`in ${colorScheme}, read ${direction}: axe finds nothing, and no view is wider than its window`, async ({ openAs }) => {
      const page = await openAs('ana')
      await page.emulateMedia({ colorScheme })
      await page.addInitScript(
        (dir) => document.addEventListener('DOMContentLoaded', () => document.documentElement.setAttribute('dir', dir)),
        direction,
      )
      await bringAxe(page)
      for (const [name, hash] of VIEWS) {
        for (const width of [1280, 768, 320]) {
          await page.setViewportSize({ width, height: 900 })
          await showView(page, hash)
          await picture(page, `${name}-${colorScheme}-${direction}-${width}`)
          expect([name, width, await accessibilityProblems(page)]).toEqual([name, width, []])
          expect([name, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([name, width])
        }
      }
    })
  }
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
