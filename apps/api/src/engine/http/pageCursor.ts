import { idSchema } from '@org/contracts'

const PREFIX = 'p1.'

/** The cursor of the page after the row `id`: opaque, so that nobody builds on what is inside. */
export function encodePageCursor(id: string): string {
  return PREFIX + Buffer.from(id, 'utf8').toString('base64url')
}

/** The id a cursor stands for; null when no page gave it. */
export function decodePageCursor(cursor: string): string | null {
  if (!cursor.startsWith(PREFIX)) return null
  const id = Buffer.from(cursor.slice(PREFIX.length), 'base64url').toString('utf8')
  return encodePageCursor(id) === cursor && idSchema.safeParse(id).success ? id : null
}
