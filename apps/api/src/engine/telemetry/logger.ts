import { type DestinationStream, type Logger, pino } from 'pino'
import type { EngineConfig } from '../config/engineSettings.js'

/** Names whose values never reach a log, wherever they stand. */
const SECRET = ['authorization', 'cookie', 'token', 'key', 'idempotencyKey', 'phone', 'to', 'from', 'message', 'body', 'password', 'secret']

/** Structured logs, one JSON line each. Secrets, keys, phone numbers and texts are redacted by name as a second fence. */
export function createLogger({ logLevel }: Pick<EngineConfig, 'logLevel'>, destination?: DestinationStream): Logger {
  const options = {
    level: logLevel,
    base: undefined,
    redact: { paths: SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    serializers: { err: describeError },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

// Their messages are our own words or the engine's; others can repeat a value (databases and providers quote what they were sent).
const SAFE_MESSAGES = new Set(['DatabaseError', 'DatabaseUnavailableError', 'ConfigError', 'TypeError', 'RangeError', 'CarrierTimeout'])

/** What an error may say in a log: its kind, code and place. */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { kind: typeof error }
  const { code, status } = error as { code?: unknown; status?: unknown }
  return {
    kind: error.name,
    ...(SAFE_MESSAGES.has(error.name) ? { message: error.message } : {}),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(typeof status === 'number' ? { status } : {}),
    stack: framesOf(error),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}

function framesOf(error: Error): string[] {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 8)
    .map((line) => line.trim())
}
