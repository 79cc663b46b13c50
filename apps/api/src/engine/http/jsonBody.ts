import { isUtf8 } from 'node:buffer'
import type { Request, RequestHandler, Response } from 'express'
import express from 'express'
import { toRefusal } from './errorAnswer.js'
import { Refusal } from './Refusal.js'
import { isTrustedOrigin, originHeaders, type TrustedOrigins } from './sameOrigin.js'

export interface JsonBodyOptions extends TrustedOrigins {
  /** Longest body that is read at all. */
  maxBytes: number
  /** The limit of this very body, where what it asks for decides. @default maxBytes */
  limitOf?: (body: unknown) => number
}

const REFUSAL = Symbol('bodyRefusal')

/**
 * Reads a JSON body of at most `maxBytes`. JSON sent as `text/plain` (what a bare `fetch` with a string
 * body does) is taken too, but only from this origin or a listed one: such a request needs no preflight.
 * A body that cannot be taken is reported by `bodyRefusalOf`, not thrown: its key may be recorded, and
 * then "nothing was changed" would be untrue.
 */
export function jsonBody(options: JsonBodyOptions): RequestHandler {
  const readText = express.text({ limit: options.maxBytes, type: () => true, verify: verifyUtf8 })
  return (req, res, next) => {
    const refuse = (refusal: Refusal) => {
      req.body = undefined
      ;(res.locals as Record<symbol, unknown>)[REFUSAL] = refusal
      next()
    }
    if (!isJson(req) && !(isPlainText(req) && isTrustedOrigin(originHeaders(req), options))) {
      return refuse(new Refusal('UNSUPPORTED_MEDIA_TYPE'))
    }
    readText(req, res, (error: unknown) => {
      const read = error === undefined || error === null ? parse(req.body, options) : toRefusal(error)
      if (read instanceof Refusal) return refuse(read)
      req.body = read.body
      next()
    })
  }
}

// Decoded, a broken byte would become a replacement character, and be sent to somebody as part of a message.
function verifyUtf8(_req: unknown, _res: unknown, bytes: Buffer, charset: string): void {
  if (charset === 'utf-8' && !isUtf8(bytes)) throw new Error('The body is not UTF-8.')
}

/** Why the body of this request cannot be taken; null when it was read. */
export function bodyRefusalOf(res: Response): Refusal | null {
  return ((res.locals as Record<symbol, unknown>)[REFUSAL] as Refusal | undefined) ?? null
}

// Read from the header: `req.is` answers null for an empty body, which deserves its own refusal.
const mediaType = (req: Request) => req.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
const isJson = (req: Request) => mediaType(req) === 'application/json'
const isPlainText = (req: Request) => mediaType(req) === 'text/plain'

function parse(received: unknown, { limitOf }: JsonBodyOptions): { body: unknown } | Refusal {
  const text = typeof received === 'string' ? received : ''
  const body = parseJson(text)
  if (body instanceof Refusal) return body
  return limitOf !== undefined && Buffer.byteLength(text) > limitOf(body) ? new Refusal('PAYLOAD_TOO_LARGE') : { body }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    return new Refusal('VALIDATION_FAILED', { error: 'The request body is not valid JSON, so nothing was changed.', cause })
  }
}
