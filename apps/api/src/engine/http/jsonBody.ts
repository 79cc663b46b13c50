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

const NOT_UTF8 = 'The request body is not valid UTF-8, so nothing was changed.'
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
    const take = (read: { body: unknown } | Refusal) => {
      if (read instanceof Refusal) return refuse(read)
      req.body = read.body
      next()
    }
    if (req.readableDidRead) return take(alreadyRead(req.body, options))
    readText(req, res, (error: unknown) => take(error === undefined || error === null ? parse(req.body, options) : toRefusal(error)))
  }
}

/** What a parser of the app's left, before which the body can be read no more. */
function alreadyRead(body: unknown, options: JsonBodyOptions): { body: unknown } | Refusal {
  if (body === undefined)
    throw new TypeError('The body of a request was read before the API saw it, and is not in req.body. Mount the API before what reads it.')
  if (Buffer.isBuffer(body))
    return isUtf8(body) ? parse(body.toString('utf8'), options) : new Refusal('VALIDATION_FAILED', { error: NOT_UTF8 })
  if (typeof body === 'string') return parse(body, options)
  return parse(asText(body), options)
}

/** As text again: what is compared, checked and stored is data alone, whatever the app's parser made of it. */
function asText(body: unknown): string {
  try {
    return JSON.stringify(body) ?? ''
  } catch {
    return ''
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

function parse(received: unknown, options: JsonBodyOptions): { body: unknown } | Refusal {
  const text = typeof received === 'string' ? received : ''
  if (Buffer.byteLength(text) > options.maxBytes) return new Refusal('PAYLOAD_TOO_LARGE')
  const body = parseJson(text)
  if (body instanceof Refusal) return body
  const { limitOf } = options
  return limitOf !== undefined && Buffer.byteLength(text) > limitOf(body) ? new Refusal('PAYLOAD_TOO_LARGE') : { body }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    return new Refusal('VALIDATION_FAILED', { error: 'The request body is not valid JSON, so nothing was changed.', cause })
  }
}
