import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http'
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

export interface ReplayRules {
  /** Names that were set since the handler was entered, in any case. */
  set: readonly string[]
  /** What is written past those that stand, names in lower case. */
  written?: OutgoingHttpHeaders | undefined
  only: ReplayedHeaders
}

/** What a replay repeats of the headers of an answer. */
export function replayedHeaders(res: ServerResponse, { set, written, only }: ReplayRules): StoredAnswer['headers'] {
  const kept: Record<string, string | string[]> = {}
  for (const name of only ?? set) keep(kept, name.toLowerCase(), res.getHeader(name))
  if (written === undefined) return kept
  for (const name of Object.keys(written)) if (only === null || only.has(name)) keep(kept, name, written[name])
  return kept
}

function keep(kept: Record<string, string | string[]>, name: string, value: OutgoingHttpHeader | undefined): void {
  if (value !== undefined && !NEVER.has(name)) kept[name] = Array.isArray(value) ? value.map(String) : String(value)
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
