import { hash } from 'node:crypto'
import { canonicalJson } from './canonicalJson.js'

const VERSION = 'v1:'

/** What makes two arrivals of one key the same request. */
export interface FingerprintInput {
  actionName: string
  /** Parameters of the route, for example `{ id }`. */
  params: Readonly<Record<string, string>>
  /** The body as received: before defaults and transforms, which change with the next deploy. */
  body: unknown
}

/**
 * `v1:` and the SHA-256 of action, params and canonical body.
 * @throws {RangeError} when the body is nested too deeply to be read safely
 */
export function fingerprintOf({ actionName, params, body }: FingerprintInput): string {
  const parts = [actionName, canonicalJson(params), body === undefined ? '' : canonicalJson(body)]
  // Length prefixes keep ("ab", "c") and ("a", "bc") apart.
  return VERSION + hash('sha256', parts.map((part) => `${part.length}:${part}`).join(''), 'base64url')
}

/** True when the stored fingerprint was made by a version of the rule that this code does not know. */
export function isForeignFingerprint(stored: string): boolean {
  return !stored.startsWith(VERSION)
}

/**
 * Whether an arrival carries the request that was stored. A fingerprint of an unknown version counts
 * as a match: refusing it would turn every queued replay into a 422 on the day the rule changes.
 */
export function isSameRequest(stored: string, arriving: string): boolean {
  return stored === arriving || isForeignFingerprint(stored)
}
