/**
 * For stories whose state comes by their play function, which a docs page runs in a frame alone.
 * @param height of the frame in CSS pixels
 */
export function playedInDocs(height = 360) {
  return { docs: { story: { inline: false, height: `${height}px` } } }
}
