import { HEADERS, parseIdempotencyKey } from '@org/contracts'
import type { Request, Response } from 'express'

const HEADER = HEADERS.idempotencyKey.toLowerCase()
const LONGEST_ECHO = 200
const UNSAFE_IN_HEADER = /[^\x20-\x7e]/g

/**
 * The key of a request. `none`: it has no such header. `invalid`: it has one that is no key, an empty one included.
 * `late`: somebody (a time limit, say) answered the request already.
 */
export type ReadKey = { kind: 'key'; key: string } | { kind: 'none' } | { kind: 'invalid' } | { kind: 'late' }

/** Reads the key and echoes it, so that a client can tell our answers from those of something on the way. */
export function readKey(req: Request, res: Response): ReadKey {
  const header = req.headers[HEADER]
  if (typeof header !== 'string') return { kind: 'none' }
  const key = parseIdempotencyKey(header)
  if (header !== '' && !echo(res, key === null ? echoable(header) : header)) return { kind: 'late' }
  return key === null ? { kind: 'invalid' } : { kind: 'key', key }
}

/** False when the answer is on its way. Tried and not asked, which takes as long again. */
function echo(res: Response, value: string): boolean {
  try {
    res.setHeader(HEADERS.idempotencyKey, value)
    return true
  } catch (error) {
    if (res.headersSent) return false
    throw error
  }
}

function echoable(header: string): string {
  return header.slice(0, LONGEST_ECHO).replace(UNSAFE_IN_HEADER, '?')
}
