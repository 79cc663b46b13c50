import type { OutgoingHttpHeader } from 'node:http'
import { HEADERS } from '@org/contracts'

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

/** Headers of one answer, names in lower case. */
export type KeptHeaders = Record<string, string | string[]>

/** Writes a header down unless no replay may ever repeat it; strikes it out where it has no value. */
export function keepHeader(kept: KeptHeaders, name: string, value: OutgoingHttpHeader | readonly string[] | undefined): void {
  const lower = name.toLowerCase()
  if (value === undefined) delete kept[lower]
  else if (!NEVER.has(lower)) kept[lower] = typeof value === 'object' ? value.map(String) : String(value)
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
