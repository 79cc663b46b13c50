/** What has the focus, also inside shadow roots. */
export function focusedElement(document: Document): Element | null {
  let focused = document.activeElement
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
  return focused
}

/** True when the focus is in `element`, or fell to the page because what had it is gone. */
export function hasLostFocusTo(element: Element | null, document: Document): boolean {
  const focused = focusedElement(document)
  return focused === null || focused === document.body || element?.contains(focused) === true
}
