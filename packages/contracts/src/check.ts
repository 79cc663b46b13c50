import type { StandardIssue, StandardResult, StandardSchema } from './StandardSchema.js'

/**
 * Asks any Standard Schema about a value, at once.
 * @throws {TypeError} when it answers with a promise: a click is taken or refused before the event handler returns
 */
export function check<Output>(schema: StandardSchema<unknown, Output>, value: unknown): StandardResult<Output> {
  const { vendor, validate } = schema['~standard']
  const result = validate(value)
  if (!(result instanceof Promise)) return result
  // Nobody will ask it again; its failing must not show up as an unhandled rejection.
  result.catch(() => undefined)
  throw new TypeError(
    `This schema (${vendor}) answers with a promise, and a click must be checked at once. Take asynchronous rules out of it; what only the server can know is the action's effect to check.`,
  )
}

/**
 * The value as the schema reads it.
 * @throws {TypeError} with the first complaint when it does not fit, and as `check` does
 */
export function parse<Output>(schema: StandardSchema<unknown, Output>, value: unknown): Output {
  const result = check(schema, value)
  if (result.issues === undefined) return result.value
  const [issue] = result.issues
  throw new TypeError(`The value does not fit at "${issue === undefined ? '' : pathOf(issue).join('.')}": ${issue?.message}`)
}

/** Where the complaint is, from the outside in; empty for the value itself. */
export function pathOf({ path = [] }: StandardIssue): PropertyKey[] {
  return path.map((part) => (typeof part === 'object' ? part.key : part))
}
