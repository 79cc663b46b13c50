import * as z from '#z'
import { LIMITS } from './limits.js'
import { BLANK } from './requestProblem.js'

// NUL and lone surrogates cannot be stored as Postgres text; refused here, they get a clear error instead of a 500.
const storable = z.refine<string>(
  (text) => !text.includes('\0') && !/\p{Surrogate}/u.test(text),
  'must not hold NUL or half a surrogate pair',
)

/** Ids are opaque text of 1 to 128 characters. */
export const idSchema = z.string().check(z.minLength(1), z.maxLength(LIMITS.idLength), storable)

/** Nothing that anybody would see: white space, controls, marks of zero width. */
const INVISIBLE = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\u2800]*$/u

/** Text a person typed and somebody shall read: at least one character of it is visible. */
export function visibleTextSchema(maxLength: number) {
  return textSchema(maxLength, 1).check(z.refine<string>((text) => !INVISIBLE.test(text), BLANK))
}

/** Text a person typed, at most `maxLength` characters. */
export function textSchema(maxLength: number, minLength = 0) {
  return z.string().check(z.minLength(minLength), z.maxLength(maxLength), storable)
}
