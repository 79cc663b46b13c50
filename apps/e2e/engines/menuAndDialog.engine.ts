import { expect, test } from './dashboardTest.js'
import type { Tab } from './drivers/Engine.js'
import { attributeOf, countOf, hasFocus, isOnTop, textOf } from './onPage.js'

const STATUS = (lead: string) => `[data-lead="${lead}"] [data-component="LeadStatusButton"]`
const focusOn = (tab: Tab, selector: string) => tab.evaluate((wanted) => document.querySelector<HTMLElement>(wanted)?.focus(), selector)
const untilFocus = (tab: Tab, selector: string) => expect.poll(() => hasFocus(tab, selector)).toBe(true)

test('the menu opens at its button by a click, on top of the page, and Escape gives the focus back', async ({ dashboard }) => {
  const tab = await dashboard.open('#leads')
  await tab.click(STATUS('lead-7'))
  await expect.poll(() => isOnTop(tab, '[role="menu"]')).toBe(true)
  const gap = await tab.evaluate((button) => {
    const [menu, at] = ['[role="menu"]', button].map((selector) => document.querySelector(selector)!.getBoundingClientRect())
    return Math.min(Math.abs(menu!.top - at!.bottom), Math.abs(at!.top - menu!.bottom))
  }, STATUS('lead-7'))
  expect(gap).toBeLessThan(6)
  await tab.press('Escape')
  await expect.poll(() => countOf(tab, '[role="menu"]')).toBe(0)
  expect(await hasFocus(tab, STATUS('lead-7'))).toBe(true)
})

test('a press elsewhere closes the menu', async ({ dashboard }) => {
  const tab = await dashboard.open('#leads')
  await tab.click(STATUS('lead-7'))
  await expect.poll(() => countOf(tab, '[role="menu"]')).toBe(1)
  await tab.click('h1')
  await expect.poll(() => countOf(tab, '[role="menu"]')).toBe(0)
})

test('by keyboard alone a status is chosen, and the focus stays', async ({ dashboard }) => {
  const tab = await dashboard.open('#leads')
  await focusOn(tab, STATUS('lead-8'))
  await tab.press('ArrowDown')
  await untilFocus(tab, '[role="menuitemradio"][aria-checked="true"]')
  await tab.press('ArrowDown')
  await expect.poll(() => textOf(tab, '[role="menuitemradio"]:focus')).toBe('Negotiating')
  await tab.press('Enter')
  await expect.poll(() => attributeOf(tab, STATUS('lead-8'), 'data-status')).toBe('negotiating')
  expect(await hasFocus(tab, STATUS('lead-8'))).toBe(true)
  await expect.poll(async () => (await dashboard.api.lead('lead-8')).version).toBe(2)
})

test('by keyboard alone a question is answered with no, then with yes', async ({ dashboard }) => {
  const tab = await dashboard.open('#leads')
  const askForWon = async () => {
    await tab.press('ArrowDown')
    await untilFocus(tab, '[role="menuitemradio"]')
    await tab.press('End')
    await tab.press('ArrowUp')
    await expect.poll(() => textOf(tab, '[role="menuitemradio"]:focus')).toBe('Won')
    await tab.press(' ')
    await untilFocus(tab, '[data-part="dialog-cancel"]')
    expect(await isOnTop(tab, '[data-part="dialog"]')).toBe(true)
  }
  await focusOn(tab, STATUS('lead-9'))
  await askForWon()
  await tab.press('Escape')
  await untilFocus(tab, STATUS('lead-9'))
  expect((await dashboard.api.lead('lead-9')).version).toBe(1)

  await askForWon()
  await tab.press('Tab')
  await untilFocus(tab, '[data-part="dialog-confirm"]')
  await tab.press('Enter')
  await expect.poll(() => attributeOf(tab, STATUS('lead-9'), 'data-status')).toBe('won')
  await untilFocus(tab, STATUS('lead-9'))
  await expect.poll(async () => (await dashboard.api.lead('lead-9')).version).toBe(2)
})

test('a click on a button gives it the focus back once the question in between is answered', async ({ dashboard }) => {
  const tab = await dashboard.open('#leads')
  await tab.click(STATUS('lead-6'))
  await tab.click('[role="menuitemradio"]:last-child')
  await tab.click('[data-part="dialog-confirm"]')
  await expect.poll(() => attributeOf(tab, STATUS('lead-6'), 'data-status')).toBe('lost')
  await untilFocus(tab, STATUS('lead-6'))
})

test('two clicks in one task are one effect', async ({ dashboard }) => {
  const tab = await dashboard.open()
  await tab.evaluate(() => {
    const button = document.querySelector<HTMLElement>('[data-appointment="apt-125"] [data-component="BookingConfirmButton"]')
    button?.click()
    button?.click()
  })
  await expect.poll(() => textOf(tab, '[data-appointment="apt-125"] [data-component="BookingConfirmButton"]')).toBe('Confirmed')
  expect((await dashboard.api.appointment('apt-125')).version).toBe(2)
})
