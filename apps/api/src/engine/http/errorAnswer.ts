import type { ErrorRequestHandler, RequestHandler } from 'express'
import { DatabaseUnavailableError } from '../database/DatabaseError.js'
import { endingOfError } from '../database/endingOfError.js'
import { postgresErrorOf } from '../database/PostgresError.js'
import { Refusal } from './Refusal.js'
import { requestIdOf } from './requestId.js'
import { routeOf } from './routeOf.js'
import { sendRefusal } from './sendAnswer.js'

const RETRY_AFTER_MS = 1_000
const UNKNOWN_ENCODING = 'This Content-Encoding is not known. Send the body as it is, or compressed with gzip, deflate or br.'
const UNKNOWN_CHARSET = 'Send the request body as UTF-8.'
const MALFORMED_ADDRESS = 'The address holds a % that stands for no character. Encode it again. Nothing was changed.'
const NOT_UTF8 = 'The request body is not valid UTF-8, so nothing was changed.'
const NOT_COMPRESSED = 'The request body could not be decompressed as its Content-Encoding says, so nothing was changed.'

export interface ErrorAnswerOptions {
  /** Told of everything that is our fault. Bodies, tokens and phone numbers are not passed. */
  onInternalError: (error: unknown, request: { requestId: string; method: string; route: string; code: string }) => void
}

/** Last of all: turns whatever was thrown into a refusal with a code. The client never sees a stack. */
export function errorAnswer({ onInternalError }: ErrorAnswerOptions): ErrorRequestHandler {
  return (error, req, res, _next) => {
    const refusal = toRefusal(error)
    if (refusal.status >= 500) {
      onInternalError(refusal.cause ?? error, { requestId: requestIdOf(res), method: req.method, route: routeOf(req), code: refusal.code })
    }
    sendRefusal(res, refusal)
  }
}

/** Unknown paths. */
export const notFound: RequestHandler = () => {
  throw new Refusal('NOT_FOUND', { error: 'There is nothing at this address.' })
}

/** What an error means on the wire; express and body-parser throw errors with a `status` and a `type`. */
export function toRefusal(error: unknown): Refusal {
  return ownRefusal(error) ?? refusedRequest(error) ?? new Refusal('INTERNAL', { cause: error })
}

/**
 * What the error of a team's function, or of an effect, means on the wire. A status that it bears is of something else that was
 * asked (an identity provider that says 429, say) and no word about this request: a click refused for it would be lost.
 */
export function toFault(error: unknown): Refusal {
  return ownRefusal(error) ?? new Refusal('INTERNAL', { cause: error })
}

function ownRefusal(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error
  if (error instanceof DatabaseUnavailableError) return new Refusal('STORE_UNAVAILABLE', { retryAfterMs: RETRY_AFTER_MS, cause: error })
  const raised = postgresErrorOf(error)
  if (raised !== null && endingOfError(raised) === 'busy') return new Refusal('ROW_BUSY', { retryAfterMs: RETRY_AFTER_MS, cause: error })
  return null
}

/** What is wrong with a request, as whoever reads it says. */
function refusedRequest(error: unknown): Refusal | null {
  const { status, type, code } = (error ?? {}) as { status?: unknown; type?: unknown; code?: unknown }
  if (status === 413 || type === 'entity.too.large') return new Refusal('PAYLOAD_TOO_LARGE')
  if (type === 'encoding.unsupported') return new Refusal('UNSUPPORTED_MEDIA_TYPE', { error: UNKNOWN_ENCODING })
  if (type === 'charset.unsupported') return new Refusal('UNSUPPORTED_MEDIA_TYPE', { error: UNKNOWN_CHARSET })
  if (type === 'entity.verify.failed') return new Refusal('VALIDATION_FAILED', { error: NOT_UTF8 })
  if (status === 415) return new Refusal('UNSUPPORTED_MEDIA_TYPE')
  if (typeof code === 'string' && code.startsWith('Z_')) return new Refusal('VALIDATION_FAILED', { error: NOT_COMPRESSED })
  if (error instanceof URIError) return new Refusal('VALIDATION_FAILED', { error: MALFORMED_ADDRESS })
  if (typeof status === 'number' && status >= 400 && status < 500) return new Refusal('VALIDATION_FAILED')
  return null
}
