import { HEADERS, LIMITS } from '@org/contracts'
import type { Response } from 'express'
import type { StoredAnswer } from './IdempotencyStore.js'
import { joinedBytes } from './joinedBytes.js'

/** How long the ledger remembers a key, in whole seconds, as answers state it. */
export const RETENTION_SECONDS = String(LIMITS.retentionMs / 1_000)

/** Marks an answer as one the ledger holds, so that a client may settle on it. */
export function setRecordedHeaders(res: Response): void {
  res.setHeader(HEADERS.idempotencyOutcome, 'recorded')
  res.setHeader(HEADERS.idempotencyRetention, RETENTION_SECONDS)
}

/** Sends an earlier answer again, its bytes untouched. */
export function sendStoredAnswer(res: Response, answer: StoredAnswer, options: { recorded: boolean }): void {
  res.statusCode = answer.status
  for (const name of Object.keys(answer.headers)) res.setHeader(name, answer.headers[name] ?? '')
  res.setHeader(HEADERS.idempotentReplayed, 'true')
  if (options.recorded) setRecordedHeaders(res)
  sendBytes(res, answer.body)
}

function sendBytes(res: Response, bytes: Buffer): void {
  const [body, encoding] = joinedBytes(bytes)
  if (encoding === undefined) res.end(body)
  else res.end(body, encoding)
}
