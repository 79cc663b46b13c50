import { HEADERS } from '@org/contracts'
import type { Response } from 'express'
import type { Refusal } from './Refusal.js'
import { replyOf } from './Reply.js'

const JSON_TYPE = 'application/json; charset=utf-8'

export interface JsonText {
  status: number
  /** JSON, sent byte by byte as it is. */
  body: string
  /** @default null, no Retry-After */
  retryAfterMs?: number | null
}

/** Gives JSON text as it is. Answers are of one person and one moment, so no cache may keep them. */
export function sendText(
  res: Response,
  { status, body, retryAfterMs = null }: JsonText,
  headers: Readonly<Record<string, string>> = {},
): void {
  const always = { 'Content-Type': JSON_TYPE, 'Cache-Control': 'no-store' }
  replyOf(res).give({ status, body, headers: { ...always, ...retryAfter(retryAfterMs), ...headers } })
}

/** Gives a value as JSON. */
export function sendJson(res: Response, status: number, body: unknown): void {
  sendText(res, { status, body: JSON.stringify(body) })
}

export function sendRefusal(res: Response, { status, body, retryAfterMs, headers }: Refusal): void {
  sendText(res, { status, body: JSON.stringify(body), retryAfterMs }, headers)
}

/** `Retry-After` in whole seconds, rounded up: coming back early would only be refused again. */
function retryAfter(retryAfterMs: number | null): Record<string, string> {
  return retryAfterMs === null ? {} : { [HEADERS.retryAfter]: String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) }
}
