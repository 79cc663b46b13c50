const PREFIX = 'p1.'
/** An id of a team's table may be longer than those of contracts, and its list must not end there. No index takes longer ones. */
const LONGEST = PREFIX.length + Math.ceil((2_712 * 4) / 3)

/** The cursor of the page after the row `id`: opaque, so that nobody builds on what is inside. */
export function encodePageCursor(id: string): string {
  return PREFIX + Buffer.from(id, 'utf8').toString('base64url')
}

/** The id a cursor stands for, which may be an empty text in a team's table; null when no page gave it. */
export function decodePageCursor(cursor: string): string | null {
  if (!cursor.startsWith(PREFIX) || cursor.length > LONGEST) return null
  const id = Buffer.from(cursor.slice(PREFIX.length), 'base64url').toString('utf8')
  return !id.includes('\0') && encodePageCursor(id) === cursor ? id : null
}
