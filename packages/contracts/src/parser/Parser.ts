import type { Schema, StandardSchema } from '../StandardSchema.js'
import type { Issue } from './Issue.js'

/** Reads a value: what comes out of it, or complaints added to `issues` (then the result counts for nothing). */
export type Read = (value: unknown, issues: Issue[]) => unknown

/** A rule that a value of the right type must keep as well. */
export type Check<T> = (value: T, issues: Issue[]) => void

declare const BRAND: unique symbol
/** Marks a type that only a check can give. */
export type Brand<Name extends string> = { readonly [BRAND]: Name }

/** Checks unknown values against one shape, with the results zod gives for the same shape. Never asynchronous. */
export class Parser<T> implements Schema<T> {
  readonly read: Read
  /** True when an object may lack the property altogether. */
  readonly isOptional: boolean

  constructor(read: Read, isOptional = false) {
    this.read = read
    this.isOptional = isOptional
  }

  get '~standard'(): StandardSchema<T>['~standard'] {
    const validate = (value: unknown) => {
      const parsed = this.safeParse(value)
      return parsed.success ? { value: parsed.data } : { issues: parsed.error.issues }
    }
    return { version: 1, vendor: '@org/contracts', validate }
  }

  safeParse(value: unknown): { success: true; data: T } | { success: false; error: { issues: Issue[] } } {
    const issues: Issue[] = []
    const data = this.read(value, issues)
    return issues.length > 0 ? { success: false, error: { issues } } : { success: true, data: data as T }
  }

  /** The same shape with further rules, asked only of values that have it. */
  check(...checks: Check<T>[]): Parser<T> {
    return new Parser((value, issues) => {
      const before = issues.length
      const read = this.read(value, issues)
      if (issues.length === before) for (const check of checks) check(read as T, issues)
      return read
    }, this.isOptional)
  }

  /** The same check; its result's type can come from nowhere else. */
  brand<Name extends string>(): Parser<T & Brand<Name>> {
    return this as unknown as Parser<T & Brand<Name>>
  }
}

/** Reads a part of a value: its complaints name the part. */
export function readAt(parser: Parser<unknown>, value: unknown, key: PropertyKey, issues: Issue[]): unknown {
  const before = issues.length
  const read = parser.read(value, issues)
  for (const issue of issues.slice(before)) issue.path.unshift(key)
  return read
}

export type Infer<P> = P extends Parser<infer T> ? T : never
