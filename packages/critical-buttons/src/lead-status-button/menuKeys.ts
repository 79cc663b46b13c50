const TYPING_PAUSE_MS = 500

/**
 * Which item a key leads to: arrows go round, Home and End jump, letters find by what they begin
 * with. Undefined: the key means nothing here.
 * @param typed what was typed a moment ago; updated in place
 */
export function nextItem<Item extends { textContent: string | null }>(
  items: readonly Item[],
  focused: Item | null,
  key: string,
  typed: { text: string; at: number },
  now = Date.now(),
): Item | undefined {
  const index = focused === null ? -1 : items.indexOf(focused)
  if (key === 'ArrowDown') return items[(index + 1) % items.length]
  if (key === 'ArrowUp') return items[(Math.max(index, 0) - 1 + items.length) % items.length]
  if (key === 'Home') return items[0]
  if (key === 'End') return items.at(-1)
  if (key.length !== 1 || key === ' ') return undefined
  typed.text = now - typed.at > TYPING_PAUSE_MS ? key : typed.text + key
  typed.at = now
  return byText(items, index, typed.text.toLowerCase())
}

// One letter goes on from the present item, so that pressing it again walks through all that begin with it.
function byText<Item extends { textContent: string | null }>(items: readonly Item[], index: number, text: string): Item | undefined {
  const start = text.length === 1 ? index + 1 : Math.max(index, 0)
  const inOrder = [...items.slice(start), ...items.slice(0, start)]
  return inOrder.find((item) => item.textContent?.trim().toLowerCase().startsWith(text))
}
