import type { Rgb } from './contrast.js'

/** What a token looks like inside an element, as the browser paints it. `light-dark()` and `color-mix()` included. */
export function resolveColour(element: Element, token: string): Rgb {
  const probe = document.createElement('span')
  probe.style.color = `var(${token})`
  element.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return paint(color)
}

/** What a colour of CSS is on the screen. */
export function paint(colour: string): Rgb {
  const context = new OffscreenCanvas(1, 1).getContext('2d')
  if (context === null) throw new Error('resolveColour: this browser paints no canvas, so colours cannot be measured')
  context.fillStyle = colour
  context.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data
  return [red, green, blue]
}
