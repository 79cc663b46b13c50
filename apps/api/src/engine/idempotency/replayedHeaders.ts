import type { OutgoingHttpHeader, OutgoingHttpHeaders } from 'node:http'
import { HEADERS } from '@org/contracts'
import type { StoredAnswer } from './IdempotencyStore.js'

/** Names in lower case; null for every header that the handler set. */
export type ReplayedHeaders = ReadonlySet<string> | null

/** Belong to one connection, one moment or one answer; a session above all. */
const NEVER = new Set([
  'set-cookie',
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'date',
  'content-length',
  HEADERS.idempotencyKey.toLowerCase(),
  HEADERS.idempotentReplayed.toLowerCase(),
])

/**
 * What a replay repeats of the headers of an answer.
 * @param before what stood there before the handler was entered: only what it added or changed is its own
 */
export function replayedHeaders(
  headers: OutgoingHttpHeaders,
  { before, only }: { before: OutgoingHttpHeaders; only: ReplayedHeaders },
): StoredAnswer['headers'] {
  const kept: Record<string, string | string[]> = {}
  for (const name of Object.keys(headers)) {
    const value = headers[name]
    if (value === undefined || NEVER.has(name)) continue
    if (only === null ? !isSame(value, before[name]) : only.has(name)) kept[name] = Array.isArray(value) ? value.map(String) : String(value)
  }
  return kept
}

/**
 * The names as they are compared.
 * @throws {RangeError} for one that may never be repeated
 */
export function readReplayedHeaders(names: readonly string[] | undefined): ReplayedHeaders {
  if (names === undefined) return null
  const lower = names.map((name) => name.toLowerCase())
  const wrong = lower.find((name) => NEVER.has(name))
  if (wrong === undefined) return new Set(lower)
  throw new RangeError(
    `idempotency(): replayedHeaders names "${wrong}", which belongs to one answer only and is never repeated. Take it out.`,
  )
}

function isSame(value: OutgoingHttpHeader, before: OutgoingHttpHeader | undefined): boolean {
  return value === before || (before !== undefined && String(value) === String(before))
}
