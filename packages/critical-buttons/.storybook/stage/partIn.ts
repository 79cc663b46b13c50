/** The part of that name in a story (`data-part`), waiting for nothing. In every language, unlike a search by its words. */
export function partIn(element: HTMLElement, name: string): HTMLElement {
  return elementIn(element, `[data-part="${name}"]`)
}

/** The button of the component a story shows. */
export function buttonIn(element: HTMLElement, component?: string): HTMLElement {
  return elementIn(element, component === undefined ? 'button[data-component]' : `button[data-component="${component}"]`)
}

/** What can be done in the line below a button: `tryAgain`, `undo` … */
export function actionIn(element: HTMLElement, name: string): HTMLElement {
  return elementIn(element, `[data-action="${name}"]`)
}

function elementIn(element: HTMLElement, selector: string): HTMLElement {
  const found = element.querySelector<HTMLElement>(selector)
  if (found === null) throw new Error(`Nothing in this story matches ${selector}`)
  return found
}
