import * as z from '#z'
import { LIMITS } from './limits.js'

// NUL and lone surrogates cannot be stored as Postgres text; refused here, they get a clear error instead of a 500.
const storable = z.refine<string>(
  (text) => !text.includes('\0') && !/\p{Surrogate}/u.test(text),
  'must not hold NUL or half a surrogate pair',
)

/** Ids are opaque text of 1 to 128 characters. */
export const idSchema = z.string().check(z.minLength(1), z.maxLength(LIMITS.idLength), storable)

/** Text a person typed, at most `maxLength` characters. */
export function textSchema(maxLength: number, minLength = 0) {
  return z.string().check(z.minLength(minLength), z.maxLength(maxLength), storable)
}
