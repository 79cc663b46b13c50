const PSEUDO_CLASSES = { hover: ':hover', focus: ':focus-visible', pressed: ':active' } as const

/** What a person may be doing with a button; shown inside an element with `data-show`. */
export type Interaction = keyof typeof PSEUDO_CLASSES

export const INTERACTIONS = Object.keys(PSEUDO_CLASSES) as Interaction[]

/**
 * Copies every rule for hover, keyboard focus and press to what stands in `[data-show="hover | focus | pressed"]`, so that a
 * picture can show them all at once. Weighs what the rule weighs. Browser only; once for a page.
 */
export function showInteractions(): void {
  for (const sheet of document.styleSheets) {
    if (sheet.ownerNode instanceof HTMLElement && sheet.ownerNode.dataset.shown === undefined) {
      sheet.ownerNode.dataset.shown = ''
      copyInto(sheet)
    }
  }
}

function copyInto(group: CSSStyleSheet | CSSGroupingRule): void {
  for (let at = group.cssRules.length - 1; at >= 0; at -= 1) {
    const rule = group.cssRules[at]
    if (rule instanceof CSSStyleRule) {
      const selector = shownSelector(rule.selectorText)
      if (selector !== null) group.insertRule(`${selector}{${rule.style.cssText}}`, at + 1)
    } else if (rule instanceof CSSGroupingRule) copyInto(rule)
  }
}

/** The selector with each pseudo-class replaced; null when it has none. Pure. */
export function shownSelector(selector: string): string | null {
  let shown = selector
  for (const [name, pseudo] of Object.entries(PSEUDO_CLASSES)) shown = shown.replaceAll(pseudo, `:is([data-show="${name}"] *)`)
  return shown === selector ? null : shown
}
