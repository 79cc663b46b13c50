import { expect, type Page, test } from '@playwright/test'
import { accessibilityProblems, bringAxe } from '../harness/accessibility.js'

declare global {
  /** On the page: what was sent, and the server's answer. */
  var sentRequests: () => unknown[]
  var answerConfirmed: () => void
  var answerRefused: () => void
}

const RECIPES = ['MUI', 'shadcn', 'Base UI', 'React Aria', 'Tailwind 4']
const PICTURES = 'test-results/recipes'

const buttonOf = (page: Page, recipe: string) => page.locator(`[data-recipe="${recipe}"] [data-component="BookingConfirmButton"]`)
const heard = (page: Page) => page.locator('[data-cb-live="polite"]')

test.beforeEach(async ({ page }) => {
  await page.goto('/')
  await bringAxe(page)
})

test('all at rest look like their libraries’ own, and axe finds nothing', async ({ page }) => {
  for (const recipe of RECIPES) await expect(buttonOf(page, recipe)).toHaveText('Confirm booking')
  expect(await accessibilityProblems(page)).toEqual([])
  await page.locator('main').screenshot({ path: `${PICTURES}/rest.png` })
})

for (const recipe of RECIPES) {
  test(`${recipe}: a double click is sent once, keeps the focus, is announced, and axe finds nothing`, async ({ page }) => {
    const button = buttonOf(page, recipe)
    await button.dblclick()
    await expect(button).toHaveAttribute('data-state', 'running')
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    await expect(button).toBeFocused()
    await expect(heard(page)).toContainText('Confirming')
    expect(await accessibilityProblems(page)).toEqual([])
    await page.screenshot({ path: `${PICTURES}/${recipe} on its way.png` })

    expect(await page.evaluate(() => globalThis.sentRequests())).toEqual([{ appointmentId: recipe }])
    await page.evaluate(() => globalThis.answerConfirmed())
    await expect(button).toHaveText('Confirmed')
    await expect(button).toBeFocused()
    await expect(heard(page)).toContainText(`Booking confirmed: Visit of ${recipe}`)
    expect(await accessibilityProblems(page)).toEqual([])
  })

  test(`${recipe}: by keyboard too, and it says what went wrong`, async ({ page }) => {
    const button = buttonOf(page, recipe)
    for (let presses = 0; presses < 8 && !(await button.evaluate((element) => element === document.activeElement)); presses++)
      await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect(button).toHaveAttribute('data-state', 'running')
    await page.evaluate(() => globalThis.answerRefused())
    await expect(button).toHaveAttribute('data-state', 'error')
    await expect(page.getByRole('button', { name: 'Dismiss' })).toBeVisible()
    await expect(button).toHaveAccessibleDescription(/Somebody else has it/)
    expect(await accessibilityProblems(page)).toEqual([])
    await page.keyboard.press(' ')
    await expect.poll(() => page.evaluate(() => globalThis.sentRequests().length)).toBe(2)
    await expect(button).toBeFocused()
  })
}
