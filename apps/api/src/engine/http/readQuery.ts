import { LIMITS } from '@org/contracts'
import type { Request } from 'express'
import { decodePageCursor } from './pageCursor.js'
import { Refusal } from './Refusal.js'

/** `?limit=`: 50 when absent, else 1 to 200; anything else is refused. */
export function readLimit(req: Request): number {
  const text = single(req, 'limit')
  if (text === null) return LIMITS.pageDefault
  const limit = Number(text)
  if (/^\d{1,9}$/.test(text) && limit >= 1 && limit <= LIMITS.pageMax) return limit
  throw new Refusal('VALIDATION_FAILED', { error: `limit must be a whole number from 1 to ${LIMITS.pageMax}.` })
}

/** The id that `?cursor=`, as an earlier page gave it, stands for; null for the first page. */
export function readCursor(req: Request): string | null {
  const text = single(req, 'cursor')
  if (text === null) return null
  const id = decodePageCursor(text)
  if (id !== null) return id
  throw new Refusal('VALIDATION_FAILED', { error: 'cursor is not one that a page gave (nextCursor). Leave it out for the first page.' })
}

/** One query parameter; null when absent or empty. */
export function single(req: Request, name: string): string | null {
  const value = req.query[name]
  if (value === undefined || value === '') return null
  if (typeof value !== 'string') throw new Refusal('VALIDATION_FAILED', { error: `${name} may be given once.` })
  return value
}
