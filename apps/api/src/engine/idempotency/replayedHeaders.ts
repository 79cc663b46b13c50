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

/** The headers that stand on an answer: names in lower case and their values, in one order. Read so, they cost half of `getHeaders()`. */
export interface StandingHeaders {
  names: readonly string[]
  values: readonly (OutgoingHttpHeader | undefined)[]
}

export function standingHeaders(res: ServerResponse): StandingHeaders {
  const names = res.getHeaderNames()
  return { names, values: names.map((name) => res.getHeader(name)) }
}

export interface ReplayRules {
  /** What stood there before the handler was entered: only what it added or changed is its own. */
  before: StandingHeaders
  /** What is written past those that stand, names in lower case. */
  written?: OutgoingHttpHeaders | undefined
  only: ReplayedHeaders
}

/** What a replay repeats of the headers of an answer. */
export function replayedHeaders(res: ServerResponse, { before, written, only }: ReplayRules): StoredAnswer['headers'] {
  const kept: Record<string, string | string[]> = {}
  const keep = (name: string, value: OutgoingHttpHeader | undefined) => {
    if (value === undefined || NEVER.has(name)) return
    if (only === null ? !isSame(value, before.values[before.names.indexOf(name)]) : only.has(name)) kept[name] = asText(value)
  }
  for (const name of res.getHeaderNames()) if (written === undefined || !Object.hasOwn(written, name)) keep(name, res.getHeader(name))
  if (written !== undefined) for (const name of Object.keys(written)) keep(name, written[name])
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

function asText(value: OutgoingHttpHeader): string | string[] {
  return Array.isArray(value) ? value.map(String) : String(value)
}
