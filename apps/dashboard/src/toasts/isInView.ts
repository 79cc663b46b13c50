/** Whether any of it can be seen now: there, shown, and not scrolled away. */
export function isInView(element: Element | null): boolean {
  if (!element?.checkVisibility()) return false
  const { top, bottom } = element.getBoundingClientRect()
  return bottom > 0 && top < window.innerHeight
}
