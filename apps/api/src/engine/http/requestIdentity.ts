import { randomUUID } from 'node:crypto'
import { CONTRACTS_VERSION, HEADERS } from '@org/contracts'
import type { RequestHandler } from 'express'
import { setRequestId } from './requestId.js'

const LONGEST_ECHO = 200
const OWN_REQUEST_ID = /^[A-Za-z0-9_.-]{1,64}$/
const UNSAFE_IN_HEADER = /[^\x20-\x7e]/g

/**
 * First of all middlewares: names the request and echoes its idempotency key, so that every answer
 * carries both, refusals and crashes included. A client takes an answer without its key for a captive
 * portal's and goes on as if it were offline.
 */
export const requestIdentity: RequestHandler = (req, res, next) => {
  const key = req.headers[HEADERS.idempotencyKey.toLowerCase()]
  if (typeof key === 'string' && key !== '') res.setHeader(HEADERS.idempotencyKey, echoable(key))
  const given = req.headers[HEADERS.requestId.toLowerCase()]
  const requestId = isUsable(given, key) && !req.originalUrl.includes(given) ? given : randomUUID()
  setRequestId(res, requestId)
  res.setHeader(HEADERS.requestId, requestId)
  res.setHeader(HEADERS.contractsVersion, CONTRACTS_VERSION)
  next()
}

// It goes into the log, where no key may stand.
function isUsable(given: unknown, key: unknown): given is string {
  if (typeof given !== 'string' || !OWN_REQUEST_ID.test(given)) return false
  return typeof key !== 'string' || key === '' || !given.includes(key)
}

function echoable(key: string): string {
  return key.slice(0, LONGEST_ECHO).replace(UNSAFE_IN_HEADER, '?')
}
