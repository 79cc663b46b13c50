import { idSchema, LIMITS } from '@org/contracts'
import type { Request } from 'express'
import { Refusal } from '../middleware/Refusal.js'

/** `?limit=`: 50 when absent, at most 200. */
export function readLimit(req: Request): number {
  const text = single(req, 'limit')
  if (text === null) return LIMITS.pageDefault
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1)
    throw new Refusal('VALIDATION_FAILED', { error: 'limit must be a whole number from 1 to 200.' })
  return Math.min(Number(text), LIMITS.pageMax)
}

/** `?cursor=`, as an earlier page gave it; null for the first page. */
export function readCursor(req: Request): string | null {
  const text = single(req, 'cursor')
  if (text !== null && !idSchema.safeParse(text).success)
    throw new Refusal('VALIDATION_FAILED', { error: 'cursor is not one that a page gave.' })
  return text
}

/** One query parameter; null when absent or empty. */
export function single(req: Request, name: string): string | null {
  const value = req.query[name]
  if (value === undefined || value === '') return null
  if (typeof value !== 'string') throw new Refusal('VALIDATION_FAILED', { error: `${name} may be given once.` })
  return value
}
