import * as z from '#z'

/** The one identity of a mutation, made at the click and never changed. */
export type IdempotencyKey = string & z.$brand<'IdempotencyKey'>

const KEY = /^[A-Za-z0-9_-]{20,128}$/

/** 20 to 128 characters of `A-Z a-z 0-9 _ -`. */
export const idempotencyKeySchema = z.string().check(z.regex(KEY)).brand<'IdempotencyKey'>()

/**
 * Reads the `Idempotency-Key` header, quoted (RFC 8941 string) or bare.
 * Returns null when it is no valid key.
 */
export function parseIdempotencyKey(header: string): IdempotencyKey | null {
  const bare = header.trim()
  const key = /^"(.*)"$/.exec(bare)?.[1] ?? bare
  return KEY.test(key) ? (key as IdempotencyKey) : null
}
