/** True in the frame of a story on a docs page. */
export function isFramedInDocs(): boolean {
  return window.parent !== window && new URLSearchParams(window.parent.location.search).get('viewMode') === 'docs'
}

/** A story that takes the focus in its frame would scroll the docs page down to itself. */
export function keepPageStill(): void {
  const focus = HTMLElement.prototype.focus
  HTMLElement.prototype.focus = function keepingStill(options) {
    focus.call(this, { ...options, preventScroll: true })
  }
}
