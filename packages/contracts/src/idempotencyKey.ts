import * as z from '#z'

/** The one identity of a mutation, made at the click and never changed. */
export type IdempotencyKey = string & z.$brand<'IdempotencyKey'>

/** 20 to 128 characters of `A-Z a-z 0-9 _ -`. */
export const idempotencyKeySchema = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_-]{20,128}$/))
  .brand<'IdempotencyKey'>()

/**
 * Reads the `Idempotency-Key` header, quoted (RFC 8941 string) or bare.
 * Returns null when it is no valid key.
 */
export function parseIdempotencyKey(header: string): IdempotencyKey | null {
  const quoted = /^"(.*)"$/.exec(header.trim())
  const parsed = idempotencyKeySchema.safeParse(quoted?.[1] ?? header.trim())
  return parsed.success ? parsed.data : null
}
