import { sqlStateOf } from './DatabaseError.js'

/** What Postgres tells of an error, in whichever words a driver hands it on. */
export interface PostgresError {
  /** The SQLSTATE. */
  code: string
  message: string
  constraint?: string | undefined
  /** The place in Postgres' own code: the same in every language. */
  routine?: string | undefined
}

const DEEPEST = 6

/**
 * The error of Postgres that `error` is or was caused by; null for every other one. Libraries over the driver wrap it, and
 * some have codes of their own that look like its states.
 */
export function postgresErrorOf(error: unknown): PostgresError | null {
  for (const one of causesOf(error)) {
    const raised = readDriver(one) ?? readPrisma(one)
    if (raised !== null) return raised
  }
  return null
}

/** What is behind it all: the innermost cause of an error. */
export function rootOf(error: unknown): unknown {
  return [...causesOf(error)].at(-1) ?? error
}

/** An error and what caused it, outermost first; a few, since a chain may bite its own tail. */
function* causesOf(error: unknown): Generator<object> {
  let one = error
  for (let depth = 0; depth < DEEPEST && typeof one === 'object' && one !== null; depth++) {
    yield one
    const { cause, meta } = one as { cause?: unknown; meta?: { driverAdapterError?: unknown } | null }
    one = cause ?? meta?.driverAdapterError
  }
}

/** As pg, PGlite and postgres.js tell it. */
function readDriver(error: object): PostgresError | null {
  if (sqlStateOf(error) === null || !('severity' in error)) return null
  const { code, message, routine, constraint, constraint_name } = error as object as PostgresError & { constraint_name?: string }
  return { code, message, routine, constraint: constraint ?? constraint_name }
}

/** As Prisma's adapters tell it. */
function readPrisma(error: object): PostgresError | null {
  const { originalMessage: message, constraint } = error as { originalMessage?: unknown; constraint?: { index?: string } | null }
  const code = sqlStateOf(error)
  return code === null || typeof message !== 'string' ? null : { code, message, constraint: constraint?.index }
}
