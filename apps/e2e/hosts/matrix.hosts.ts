import { expect, type Locator, type Page, test } from '@playwright/test'
import { HOSTS, type Kind } from './names.js'

declare global {
  /** On the page: what was sent, what the host took for its own, and the server's answer. */
  var sentRequests: () => unknown[]
  var heardByHost: string[]
  var confirmed: () => void
}

const trigger = (page: Page) => page.locator('[data-component="BookingConfirmButton"]')
const status = (page: Page) => page.locator('[data-component="LeadStatusButton"]')
const dialogPart = (page: Page, part: 'cancel' | 'confirm') => page.locator(`[data-part="dialog-${part}"]`)
const sent = (page: Page) => page.evaluate(() => globalThis.sentRequests())
const heard = (page: Page) => page.evaluate(() => globalThis.heardByHost)

async function openHost(page: Page, name: string): Promise<void> {
  await page.goto(`/#${encodeURIComponent(name)}`)
  await expect(trigger(page)).toBeVisible()
  // Hosts come in with an animation, and take the focus at its end.
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)))
}

/** As a hand does it: across everything that lies on the way. */
async function point(page: Page, at: Locator): Promise<void> {
  // Waits until it holds still and lies on top; a host may hear a pointer come and go, as it may here.
  await at.click({ trial: true })
  const { x, y, width, height } = (await at.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
  await page.mouse.move(x + width / 2, y + height / 2, { steps: 12 })
  await page.mouse.down()
  await page.mouse.up()
}

/** By the keys that a person has: Tab, in grids the arrows. A menu leads from item to item alone, and is told. */
async function reach(page: Page, target: Locator, kind: Kind): Promise<void> {
  if (kind === 'menu') await target.focus()
  for (let presses = 0; presses < 6 && !(await isFocused(target)); presses++)
    await page.keyboard.press(kind === 'grid' && (await isInGrid(page)) ? 'ArrowRight' : 'Tab')
  await expect(target).toBeFocused()
}

function isInGrid(page: Page): Promise<boolean> {
  return page.evaluate(() => document.activeElement?.closest('[role="grid"]') != null)
}

function isFocused(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element === document.activeElement)
}

/** In a menu the focus follows the pointer, by the menu's own rule; it must not be lost. */
async function expectFocusKept(page: Page, target: Locator, kind: Kind): Promise<void> {
  if (kind !== 'menu') await expect(target).toBeFocused()
  expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY')
}

for (const [name, kind] of Object.entries(HOSTS)) {
  test(`in ${name}, by pointer`, async ({ page }) => {
    await openHost(page, name)
    await point(page, trigger(page))
    await point(page, dialogPart(page, 'cancel'))
    await expect(dialogPart(page, 'cancel')).toBeHidden()
    await expectFocusKept(page, trigger(page), kind)
    await point(page, trigger(page))
    await point(page, dialogPart(page, 'confirm'))
    await expect.poll(() => sent(page)).toEqual([{ appointmentId: 'apt-123' }])
    await page.evaluate(() => globalThis.confirmed())
    await expect(trigger(page)).toHaveText('Confirmed')

    await point(page, status(page))
    await point(page, page.getByRole('menuitemradio', { name: 'Proposal Sent' }))
    await expect.poll(() => sent(page)).toEqual([{ appointmentId: 'apt-123' }, { leadId: 'lead-123', status: 'proposal_sent' }])
    await expectFocusKept(page, status(page), kind)
    expect(await heard(page)).toEqual([])
  })

  test(`in ${name}, by keyboard`, async ({ page }) => {
    await openHost(page, name)
    await reach(page, trigger(page), kind)
    await page.keyboard.press('Enter')
    await expect(dialogPart(page, 'cancel')).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(trigger(page)).toBeFocused()
    await page.keyboard.press(' ')
    await expect(dialogPart(page, 'cancel')).toBeFocused()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect.poll(() => sent(page)).toEqual([{ appointmentId: 'apt-123' }])
    await page.evaluate(() => globalThis.confirmed())
    await expect(trigger(page)).toBeFocused()

    await reach(page, status(page), kind)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('menuitemradio', { name: 'New' })).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(status(page)).toBeFocused()
    // Not by ArrowDown, which moves on in a grid.
    await page.keyboard.press(' ')
    await expect(page.getByRole('menuitemradio', { name: 'New' })).toBeFocused()
    await page.keyboard.press('q')
    await expect(page.getByRole('menuitemradio', { name: 'Qualified' })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect.poll(() => sent(page)).toEqual([{ appointmentId: 'apt-123' }, { leadId: 'lead-123', status: 'qualified' }])
    await expect(status(page)).toBeFocused()
    expect(await heard(page)).toEqual([])
  })
}
