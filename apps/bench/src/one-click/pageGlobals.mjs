import { JSDOM } from 'jsdom'

const NAMES = ['window', 'document', 'navigator', 'Node', 'Element', 'HTMLElement', 'HTMLButtonElement', 'HTMLDialogElement', 'Event']

/** Makes this process look like a page, as far as React and the buttons look. */
export function becomePage() {
  const { window } = new JSDOM('<!doctype html><main></main>', { url: 'http://localhost/', pretendToBeVisual: true })
  for (const name of NAMES) Object.defineProperty(globalThis, name, { value: window[name], configurable: true, writable: true })
  for (const name of ['requestAnimationFrame', 'cancelAnimationFrame', 'getComputedStyle', 'matchMedia']) {
    globalThis[name] ??= window[name]?.bind(window)
  }
  return window
}
