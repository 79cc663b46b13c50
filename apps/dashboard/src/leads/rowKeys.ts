/** What a key does on the box of a row. */
export type RowKey = { move: number; reach: boolean } | 'all' | null

/** Rows that a page up or down goes over. */
const PAGE = 15

/**
 * Arrows, Page Up and Down, Home and End move to the box of another row; with Shift everything on the way is selected.
 * Control (or Command) and A selects all. Pure.
 */
export function rowKey(
  { key, shiftKey, ctrlKey, metaKey, altKey }: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  { index, count }: { index: number; count: number },
): RowKey {
  const isCommand = ctrlKey || metaKey
  if (isCommand && key.toLowerCase() === 'a') return 'all'
  const wanted = altKey || (isCommand && !shiftKey) ? undefined : placeOf(key, index, count)
  if (wanted === undefined) return null
  return { move: Math.min(count - 1, Math.max(0, wanted)), reach: shiftKey }
}

function placeOf(key: string, index: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return index + 1
    case 'ArrowUp':
      return index - 1
    case 'PageDown':
      return index + PAGE
    case 'PageUp':
      return index - PAGE
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return undefined
  }
}
