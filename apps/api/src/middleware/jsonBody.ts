import type { Request, RequestHandler } from 'express'
import express from 'express'
import { originHeaders } from './authenticate.js'
import { Refusal } from './Refusal.js'
import { isTrustedOrigin, type TrustedOrigins } from './sameOrigin.js'

export interface JsonBodyOptions extends TrustedOrigins {
  /** Longest body that is read at all. */
  maxBytes: number
  /** The limit of this very body, where what it asks for decides. @default maxBytes */
  limitOf?: (body: unknown) => number
}

/**
 * Reads a JSON body of at most `maxBytes`. JSON sent as `text/plain` (what a bare `fetch` with a string
 * body does) is taken too, but only from this origin or a listed one: such a request needs no preflight.
 */
export function jsonBody(options: JsonBodyOptions): RequestHandler[] {
  const readText = express.text({ limit: options.maxBytes, type: () => true })
  return [
    (req, _res, next) => {
      if (!isJson(req) && !(isPlainText(req) && isTrustedOrigin(originHeaders(req), options))) throw new Refusal('UNSUPPORTED_MEDIA_TYPE')
      next()
    },
    readText,
    (req, _res, next) => {
      const text = typeof req.body === 'string' ? req.body : ''
      req.body = parse(text)
      if (options.limitOf !== undefined && Buffer.byteLength(text) > options.limitOf(req.body)) throw new Refusal('PAYLOAD_TOO_LARGE')
      next()
    },
  ]
}

// Read from the header: `req.is` answers null for an empty body, which deserves its own refusal.
const mediaType = (req: Request) => req.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
const isJson = (req: Request) => mediaType(req) === 'application/json'
const isPlainText = (req: Request) => mediaType(req) === 'text/plain'

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Refusal('VALIDATION_FAILED', { error: 'The request body is not valid JSON, so nothing was changed.', cause })
  }
}
