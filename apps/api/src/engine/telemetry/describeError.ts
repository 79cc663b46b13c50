import { types } from 'node:util'

/** Their messages are our own words or the runtime's; others can repeat a value (databases and providers quote what they were sent). */
const SAFE_MESSAGES = new Set([
  'CarrierTimeout',
  'ConfigError',
  'DatabaseError',
  'DatabaseUnavailableError',
  'KeySetUnavailableError',
  'NoPlaceError',
  'RangeError',
  'RedisUnavailableError',
  'Refusal',
  'TypeError',
])
/** What Postgres says of an error that is a name in the schema, never a value; postgres.js writes `table_name`. */
const SCHEMA_NAMES = ['schema', 'table', 'column', 'constraint'].flatMap((name) => [name, `${name}_name`]).concat('routine')
/**
 * States in which Postgres speaks of the schema (42: no such table, no right, …, but not 42601, which quotes the statement) or
 * of itself (disk full, read only, cancelled, going down). Whoever is called at night needs the sentence.
 */
const SPEAKS_OF_ITSELF = /^(?!42601)(25|3F|40|42|53|55|57|58)...$/
const NAME = /^[\w.$-]{1,128}$/
const MOST_CAUSES = 5
const MOST_FRAMES = 8

/** What an error may say in a log: its kind, code and place; its message where that is our own. */
export function describeError(error: unknown, depth = 0): object {
  if (!isError(error)) return { kind: typeof error }
  const { status } = error as { status?: unknown }
  return {
    kind: error.name,
    ...(SAFE_MESSAGES.has(error.name) || quotesNothing(error) ? { message: error.message } : {}),
    ...namesIn(error, ['code', ...SCHEMA_NAMES]),
    ...(typeof status === 'number' ? { status } : {}),
    stack: framesOf(error),
    ...(error.cause === undefined || depth === MOST_CAUSES ? {} : { cause: describeError(error.cause, depth + 1) }),
  }
}

/** Also one of another realm (a worker's, a test's). */
export const isError = (value: unknown): value is Error => value instanceof Error || types.isNativeError(value)

/** A message of Postgres' own that holds no value: a trigger's `raise` may take any state. */
function quotesNothing(error: object): boolean {
  const { severity, code, routine } = error as { severity?: unknown; code?: unknown; routine?: unknown }
  return severity !== undefined && typeof code === 'string' && SPEAKS_OF_ITSELF.test(code) && routine !== 'exec_stmt_raise'
}

function namesIn(error: object, names: readonly string[]): Record<string, string | number> {
  const found = names.map((name) => [name, (error as Record<string, unknown>)[name]] as const)
  return Object.fromEntries(found.filter((entry): entry is [string, string | number] => isName(entry[1])))
}

const isName = (value: unknown) => typeof value === 'number' || (typeof value === 'string' && NAME.test(value))

// The stack begins with the message, and a line of that may look like a frame.
function framesOf({ stack = '', message }: Error): string[] {
  const afterMessage = stack.slice(Math.max(0, stack.indexOf(message)) + message.length)
  return afterMessage
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, MOST_FRAMES)
    .map((line) => line.trim())
}
