import { HEADERS, parseIdempotencyKey } from '@org/contracts'
import type { Request, Response } from 'express'

const HEADER = HEADERS.idempotencyKey.toLowerCase()
const LONGEST_ECHO = 200
const UNSAFE_IN_HEADER = /[^\x20-\x7e]/g

/** The key of a request. `none`: it has no such header. `invalid`: it has one that is no key, an empty one included. */
export type ReadKey = { kind: 'key'; key: string } | { kind: 'none' } | { kind: 'invalid' }

/** Reads the key and echoes it, so that a client can tell our answers from those of something on the way. */
export function readKey(req: Request, res: Response): ReadKey {
  const header = req.headers[HEADER]
  if (typeof header !== 'string') return { kind: 'none' }
  const key = parseIdempotencyKey(header)
  if (header !== '' && !res.headersSent) res.setHeader(HEADERS.idempotencyKey, key === null ? echoable(header) : header)
  return key === null ? { kind: 'invalid' } : { kind: 'key', key }
}

function echoable(header: string): string {
  return header.slice(0, LONGEST_ECHO).replace(UNSAFE_IN_HEADER, '?')
}
