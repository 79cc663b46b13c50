import { HEADERS } from '@org/contracts'
import type { Response } from 'express'
import type { Refusal } from './Refusal.js'

const JSON_TYPE = 'application/json; charset=utf-8'

/** `Retry-After` in whole seconds, rounded up: coming back early would only be refused again. */
export function setRetryAfter(res: Response, retryAfterMs: number | null): void {
  if (retryAfterMs !== null) res.setHeader(HEADERS.retryAfter, String(Math.max(1, Math.ceil(retryAfterMs / 1_000))))
}

/** Sends JSON text as it is. */
export function sendText(res: Response, answer: { status: number; body: string }): void {
  res.statusCode = answer.status
  res.setHeader('Content-Type', JSON_TYPE)
  res.setHeader('Cache-Control', 'no-store')
  res.end(answer.body)
}

/** Sends a value as JSON. */
export function sendJson(res: Response, status: number, body: unknown): void {
  sendText(res, { status, body: JSON.stringify(body) })
}

export function sendRefusal(res: Response, refusal: Refusal): void {
  setRetryAfter(res, refusal.retryAfterMs)
  sendJson(res, refusal.status, refusal.body)
}
