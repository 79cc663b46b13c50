import { hash } from 'node:crypto'
import { canonicalText } from './canonicalText.js'

const VERSION = 'v1:'
/** In bytes: what a key in memory may weigh more than with a hash. */
const LONGEST_WORDS = 256

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
 * @throws {TooDeepError} when the body is nested too deeply to be read safely
 * @throws {UnreadableValueError} when the body holds what cannot be compared; JSON never does
 */
export function fingerprintOf(input: FingerprintInput): string {
  return hashed(partsOf(input).join(''))
}

/**
 * The same for a store that keeps it in this process alone, where nobody else reads it: as the words themselves while they are
 * few, since a new key is compared with nothing, and hashing costs more than all else that is done with it (measured).
 * @throws what `fingerprintOf` throws
 */
export function fingerprintInWords(input: FingerprintInput): string {
  const parts = partsOf(input)
  const words = VERSION + parts.join('')
  return words.length > LONGEST_WORDS || Buffer.byteLength(words) > LONGEST_WORDS ? hashed(parts.join('')) : words
}

/**
 * What is told, in parts that are joined: added up, a text would be kept in as many pieces. Starts with a length, which no
 * hash does: it has no colon. The lengths keep ("ab", "c") and ("a", "bc") apart.
 */
function partsOf({ actionName, params, body }: FingerprintInput): string[] {
  const [told, asked] = [canonicalText(params), body === undefined ? '' : canonicalText(body)]
  return [String(actionName.length), ':', actionName, String(told.length), ':', told, String(asked.length), ':', asked]
}

function hashed(words: string): string {
  return VERSION + hash('sha256', words, 'base64url')
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
