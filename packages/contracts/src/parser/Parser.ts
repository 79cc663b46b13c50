import type { Schema, StandardSchema } from '../StandardSchema.js'
import type { Fail, Issue } from './Issue.js'

/** Reads a value: what comes out of it, or complaints to `fail` (then the result counts for nothing). */
export type Read = (value: unknown, fail: Fail) => unknown

/** A rule that a value of the right type must keep as well. */
export type Check<T> = (value: T, fail: Fail) => void

declare const BRAND: unique symbol
/** Marks a type that only a check can give. */
export type Brand<Name extends string> = { readonly [BRAND]: Name }

/** Checks unknown values against one shape, with the results zod gives for the same shape. Never asynchronous. */
export class Parser<T> implements Schema<T> {
  /** True when an object may lack the property altogether. */
  readonly isOptional: boolean
  readonly read: Read
  readonly '~standard': StandardSchema<T>['~standard']

  constructor(read: Read, isOptional = false) {
    this.read = read
    this.isOptional = isOptional
    this['~standard'] = {
      version: 1,
      vendor: '@org/contracts',
      validate: (value) => {
        const parsed = this.safeParse(value)
        return parsed.success ? { value: parsed.data } : { issues: parsed.error.issues }
      },
    }
  }

  safeParse(value: unknown): { success: true; data: T } | { success: false; error: { issues: Issue[] } } {
    const issues: Issue[] = []
    const data = this.read(value, (code, rule) => issues.push({ code, path: [], message: 'Invalid input', ...rule }))
    return issues.length > 0 ? { success: false, error: { issues } } : { success: true, data: data as T }
  }

  /** @throws {TypeError} with the first complaint when `value` does not fit */
  parse(value: unknown): T {
    const parsed = this.safeParse(value)
    if (parsed.success) return parsed.data
    const { code, path, message } = parsed.error.issues[0]!
    throw new TypeError(`The value does not fit at "${path.map(String).join('.')}": ${message} (${code})`)
  }

  /** The same shape with further rules, asked only of values that have it. */
  check(...checks: Check<T>[]): Parser<T> {
    return new Parser((value, fail) => {
      let fits = true
      const read = this.read(value, (code, rule) => {
        fits = false
        fail(code, rule)
      })
      if (fits) for (const check of checks) check(read as T, fail)
      return read
    }, this.isOptional)
  }

  /** The same check; its result's type can come from nowhere else. */
  brand<Name extends string>(): Parser<T & Brand<Name>> {
    return this as unknown as Parser<T & Brand<Name>>
  }
}

/** Reads a part of a value: its complaints name the part. */
export function readAt(parser: Parser<unknown>, value: unknown, key: PropertyKey, fail: Fail): unknown {
  return parser.read(value, (code, rule) => fail(code, { ...rule, path: [key, ...(rule?.path ?? [])] }))
}

export type Infer<P> = P extends Parser<infer T> ? T : never
