/*
 * The contracts' own parser, with the names and the results of zod/mini for what the contracts use of it, and a fifth of
 * its weight: what a browser checks with. A test holds both equal.
 */
import { complain, type Issue } from './Issue.js'
import { isObject, type Shape } from './objects.js'
import { type Check, Parser, readAt } from './Parser.js'

export { looseObject, object, strictObject } from './objects.js'
export type { Brand as $brand, Infer as infer } from './Parser.js'

// biome-ignore lint/suspicious/noExplicitAny: stands for a parser of whatever type
type Any = Parser<any>
type Literal = string | number | boolean | null
/** Any parser of a `T`. */
export type ZodMiniType<T> = Parser<T>
/** A parser whose property an object may lack. */
export type Optional<T> = Parser<T | undefined> & { readonly isOptional: true }

const fitting = <T>(code: string, fits: (value: unknown) => boolean) =>
  new Parser<T>((value, issues) => (fits(value) ? value : complain(issues, code)))

const oneOf = <T>(values: readonly unknown[]) => fitting<T>('invalid_value', (value) => values.includes(value))

export const unknown = () => new Parser<unknown>((value) => value)
export const string = () => fitting<string>('invalid_type', (value) => typeof value === 'string')
export const boolean = () => fitting<boolean>('invalid_type', (value) => typeof value === 'boolean')
export const number = () => fitting<number>('invalid_type', Number.isFinite)

/** A whole number that a double holds exactly. */
export const int = () =>
  number().check((value, issues) => {
    if (!Number.isInteger(value)) complain(issues, 'invalid_type')
    else if (value > Number.MAX_SAFE_INTEGER) complain(issues, 'too_big', { maximum: Number.MAX_SAFE_INTEGER })
    else if (value < Number.MIN_SAFE_INTEGER) complain(issues, 'too_small')
  })

export const literal = <const T extends Literal>(value: T) => oneOf<T>([value])
const enumOf = <const T extends string>(values: readonly T[]) => oneOf<T>(values)

export { enumOf as enum }

/** Takes `value` too. */
const orElse = (value: null | undefined, inner: Any, isOptional: boolean) =>
  new Parser((given, issues) => (given === value ? given : inner.read(given, issues)), isOptional) as unknown

export const optional = <P extends Any>(inner: P) => orElse(undefined, inner, true) as P extends Parser<infer T> ? Optional<T> : never
export const nullable = <P extends Any>(inner: P) =>
  orElse(null, inner, inner.isOptional) as P extends Parser<infer T> ? Parser<T | null> : never

export const array = <T>(element: Parser<T>) =>
  new Parser<T[]>((value, issues) =>
    // A hole reads as undefined, which `map` would pass over.
    Array.isArray(value) ? Array.from(value, (item, index) => readAt(element, item, index, issues)) : complain(issues, 'invalid_type'),
  )

/** An object of any text keys; plain, so that no Date or Map counts as an empty one. */
export const record = <T>(_key: Parser<string>, each: Parser<T>) =>
  new Parser<Record<string, T>>((value, issues) => {
    if (!isPlain(value)) return complain(issues, 'invalid_type')
    const keys = Object.keys(value).filter((key) => key !== '__proto__')
    return Object.fromEntries(keys.map((key) => [key, readAt(each, value[key], key, issues)]))
  })

function isPlain(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false
  const { constructor: maker } = value
  return typeof maker !== 'function' || (isObject(maker.prototype) && Object.hasOwn(maker.prototype, 'isPrototypeOf'))
}

/** The first of `options` that fits. */
export const union = <const P extends readonly Any[]>(options: P) =>
  new Parser(
    (value, issues) => {
      for (const option of options) {
        const parsed = option.safeParse(value)
        if (parsed.success) return parsed.data
      }
      complain(issues, 'invalid_union')
    },
    options.some(({ isOptional }) => isOptional),
  ) as Parser<P[number] extends Parser<infer T> ? T : never>

/** An object whose `key`, a literal in each of `options`, says which of them it must be. */
export const discriminatedUnion = <P extends { shape: Shape } & Any>(key: string, options: readonly P[]) =>
  new Parser((value, issues) => {
    if (!isObject(value)) return complain(issues, 'invalid_type')
    const option = options.find(({ shape }) => shape[key]!.safeParse(value[key]).success)
    return option === undefined ? complain(issues, 'invalid_union', { path: [key] }) : option.read(value, issues)
  }) as Parser<P extends Parser<infer T> ? T : never>

/** Complains with `told` of what does not keep it. */
const rule =
  <T>(keeps: (value: T) => boolean, code: string, told: Partial<Issue>): Check<T> =>
  (value, issues) => {
    if (!keeps(value)) complain(issues, code, told)
  }

type Sized = string | { readonly length: number }

/** Texts are measured in code points, so that an emoji counts once, as Postgres counts. */
const sized = (keeps: (size: number) => boolean, code: string, told: Partial<Issue>) =>
  rule<Sized>((value) => keeps(typeof value === 'string' ? [...value].length : value.length), code, told)

/** `message`: the author's words. */
export const minLength = (minimum: number, message?: string) => sized((size) => size >= minimum, 'too_small', { message })
export const maxLength = (maximum: number, message?: string) => sized((size) => size <= maximum, 'too_big', { maximum, message })
export const nonnegative = (message?: string) => rule<number>((value) => value >= 0, 'too_small', { message })
export const regex = (pattern: RegExp, message?: string) => rule<string>((text) => pattern.test(text), 'invalid_format', { message })
export const refine = <T>(keeps: (value: T) => boolean, message?: string) => rule<T>(keeps, 'custom', { message })
