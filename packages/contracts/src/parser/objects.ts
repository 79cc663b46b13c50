import { complain, type Issue } from './Issue.js'
import { type Infer, Parser, readAt } from './Parser.js'

// biome-ignore lint/suspicious/noExplicitAny: a property may have any type, and a parser of one is not one of another
export type Shape = Readonly<Record<string, Parser<any>>>

type Flat<T> = { [Key in keyof T]: T[Key] }
type OptionalKeys<S> = { [Key in keyof S]: S[Key] extends { readonly isOptional: true } ? Key : never }[keyof S]
/** The object that `S` describes. */
export type Shaped<S> = Flat<
  { -readonly [Key in Exclude<keyof S, OptionalKeys<S>>]: Infer<S[Key]> } & { -readonly [Key in OptionalKeys<S>]?: Infer<S[Key]> }
>

/** What becomes of properties that the shape does not name. */
type Rest = 'drop' | 'keep' | 'refuse'

export class ObjectParser<S extends Shape, T> extends Parser<T> {
  readonly shape: S

  constructor(shape: S, rest: Rest) {
    super((value, issues) => readObject(value, shape, rest, issues))
    this.shape = shape
  }
}

export const object = <S extends Shape>(shape: S) => new ObjectParser<S, Shaped<S>>(shape, 'drop')
export const strictObject = <S extends Shape>(shape: S) => new ObjectParser<S, Shaped<S>>(shape, 'refuse')
export const looseObject = <S extends Shape>(shape: S) => new ObjectParser<S, Flat<Shaped<S> & { [key: string]: unknown }>>(shape, 'keep')

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// Assigned, it would not become a property but replace what the result inherits from.
const PROTO = '__proto__'

function readObject(value: unknown, shape: Shape, rest: Rest, issues: Issue[]): unknown {
  if (!isObject(value)) return complain(issues, 'invalid_type')
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(shape)) {
    const parser = shape[key]!
    const isPresent = key in value
    if (key === PROTO || (!isPresent && parser.isOptional)) continue
    const before = issues.length
    const read = readAt(parser, value[key], key, issues)
    if (isPresent) result[key] = read
    // What takes `undefined` as a value still wants the property to be there.
    else if (issues.length === before) complain(issues, 'invalid_type', { path: [key] })
  }
  let hasUnknown = false
  // Inherited ones too, as zod does: whatever would be sent or shown is looked at.
  for (const key in value) {
    if (Object.hasOwn(shape, key)) continue
    if (rest === 'refuse') hasUnknown = true
    else if (rest === 'keep' && key !== PROTO) result[key] = value[key]
  }
  if (hasUnknown) complain(issues, 'unrecognized_keys')
  return result
}
