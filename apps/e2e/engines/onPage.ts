import type { Tab } from './drivers/Engine.js'

/** What an element shows; null while there is none. */
export function textOf(tab: Tab, selector: string): Promise<string | null> {
  return tab.evaluate((wanted) => document.querySelector(wanted)?.textContent.trim() ?? null, selector)
}

export function attributeOf(tab: Tab, selector: string, name: string): Promise<string | null> {
  return tab.evaluate(
    ([wanted, attribute]) => document.querySelector(wanted as string)?.getAttribute(attribute as string) ?? null,
    [selector, name],
  )
}

export function countOf(tab: Tab, selector: string): Promise<number> {
  return tab.evaluate((wanted) => document.querySelectorAll(wanted).length, selector)
}

/** True when that has the focus. */
export function hasFocus(tab: Tab, selector: string): Promise<boolean> {
  return tab.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)
}

/** True when a click in the middle of it would reach it, and all of it is on the screen. */
export function isOnTop(tab: Tab, selector: string): Promise<boolean> {
  return tab.evaluate((wanted) => {
    const element = document.querySelector(wanted)
    if (element === null) return false
    const { left, top, right, bottom } = element.getBoundingClientRect()
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
    return element.contains(hit) && left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight
  }, selector)
}
