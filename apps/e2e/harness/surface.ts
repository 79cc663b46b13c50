import type { Locator, Page } from '@playwright/test'

/** Whether the middle of an element is the element: it is on screen, and nothing lies over it. */
export function isOnTop(locator: Locator): Promise<boolean> {
  return locator.evaluate((element) => {
    const { x, y, width, height } = element.getBoundingClientRect()
    const hit = document.elementFromPoint(x + width / 2, y + height / 2)
    return hit !== null && element.contains(hit)
  })
}

/** Presses a key that moves the focus, again and again; returns the stops of which a part was hidden. */
export async function tabThrough(page: Page, key: 'Tab' | 'Shift+Tab', stops: number): Promise<string[]> {
  const hidden: string[] = []
  for (let stop = 0; stop < stops; stop += 1) {
    await page.keyboard.press(key)
    const trouble = await page.evaluate(troubleOfTheFocus)
    if (trouble !== null) hidden.push(trouble)
  }
  return hidden
}

/** What is in the way of the element with the focus; null when it can be seen whole. Runs in the page. */
function troubleOfTheFocus(): string | null {
  const element = document.activeElement
  if (element === null || element === document.body) return null
  const { left, right, top, bottom } = element.getBoundingClientRect()
  const middle = (left + right) / 2
  for (const y of [top + 2, (top + bottom) / 2, bottom - 2]) {
    const hit = document.elementFromPoint(middle, y)
    if (hit === null || !(element.contains(hit) || hit.contains(element)))
      return `${element.getAttribute('aria-label') ?? element.textContent} at ${Math.round(y)} is behind ${hit?.className ?? 'the edge'}`
  }
  return null
}

/** The visible elements of a selector that lie under an element and do not belong to it. */
export function overlaps(locator: Locator, selector: string): Promise<string[]> {
  return locator.evaluate((element, wanted) => {
    const over = element.getBoundingClientRect()
    return [...document.querySelectorAll(wanted)]
      .filter((other) => !element.contains(other) && other.checkVisibility())
      .filter((other) => {
        const under = other.getBoundingClientRect()
        return under.left < over.right && under.right > over.left && under.top < over.bottom && under.bottom > over.top
      })
      .map((other) => `${other.tagName} ${other.textContent}`)
  }, selector)
}
