import { HEADERS } from '@org/contracts'
import type { Response } from 'express'
import { recordedHeaders } from '../ledger/recordedHeaders.js'
import type { StoredAnswer } from './IdempotencyStore.js'
import { joinedBytes } from './joinedBytes.js'

/** Sends an earlier answer again, its bytes untouched. */
export function sendStoredAnswer(res: Response, answer: StoredAnswer, options: { recorded: boolean }): void {
  res.statusCode = answer.status
  for (const name of Object.keys(answer.headers)) res.setHeader(name, answer.headers[name] ?? '')
  res.setHeader(HEADERS.idempotentReplayed, 'true')
  for (const [name, value] of Object.entries(options.recorded ? recordedHeaders() : {})) res.setHeader(name, value)
  sendBytes(res, answer.body)
}

function sendBytes(res: Response, bytes: Buffer): void {
  const [body, encoding] = joinedBytes(bytes)
  if (encoding === undefined) res.end(body)
  else res.end(body, encoding)
}
