import { STATUS_CODES } from 'node:http'
import { HEADERS } from '@org/contracts'
import type { Request, Response } from 'express'
import type { KeyRefusal } from './refusals.js'

const JSON_TYPE = 'application/json'
const PROBLEM_TYPE = 'application/problem+json'

/** Says no: in the words of our other refusals, and as RFC 9457 to whoever rather takes `application/problem+json`. */
export function sendRefusal(req: Request, res: Response, refusal: KeyRefusal): void {
  if (res.headersSent) return
  const isProblem = req.accepts([JSON_TYPE, PROBLEM_TYPE]) === PROBLEM_TYPE
  res.statusCode = refusal.status
  res.setHeader('Content-Type', isProblem ? PROBLEM_TYPE : `${JSON_TYPE}; charset=utf-8`)
  res.setHeader('Cache-Control', 'no-store')
  if (refusal.retryAfterMs !== undefined) res.setHeader(HEADERS.retryAfter, String(Math.ceil(refusal.retryAfterMs / 1_000)))
  res.end(JSON.stringify(isProblem ? { ...problemOf(refusal), ...bodyOf(refusal) } : bodyOf(refusal)))
}

function bodyOf({ code, error, retryable, retryAfterMs }: KeyRefusal): object {
  return { success: false, error, code, retryable, ...(retryAfterMs !== undefined && { retryAfterMs }) }
}

// Without a page of its own a problem is named by its status; `code` tells it from others.
function problemOf({ status, error }: KeyRefusal): object {
  return { type: 'about:blank', title: STATUS_CODES[status], status, detail: error }
}
