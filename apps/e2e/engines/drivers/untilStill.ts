/**
 * Runs in a page: scrolls the first element that matches into view and waits until it has stayed where it is for two
 * frames, as a person does before a click. A menu is placed a frame after it opened.
 */
export async function untilStill(selector: string): Promise<void> {
  const frame = () => new Promise((resolve) => [requestAnimationFrame(resolve), setTimeout(resolve, 100)])
  const placeOf = () => JSON.stringify(document.querySelector(selector)?.getBoundingClientRect())
  document.querySelector(selector)?.scrollIntoView({ block: 'nearest' })
  for (let before = ''; before !== placeOf(); ) {
    before = placeOf()
    await frame()
    await frame()
  }
}
