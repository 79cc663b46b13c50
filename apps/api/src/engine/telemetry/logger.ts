import { type DestinationStream, type Logger, pino } from 'pino'
import type { EngineConfig } from '../config/engineSettings.js'
import { withoutSecrets } from './withoutSecrets.js'

const FENCE = {
  formatters: { log: withoutSecrets },
  // Described already.
  serializers: { err: (described: unknown) => described },
}

/** Structured logs, one JSON line each, without secrets. */
export function createLogger({ logLevel }: Pick<EngineConfig, 'logLevel'>, destination?: DestinationStream): Logger {
  const options = { level: logLevel, base: undefined, ...FENCE }
  return destination === undefined ? pino(options) : pino(options, destination)
}

/** A team's own log, written to behind the same fence. */
export function fenced(log: Logger): Logger {
  return log.child({}, FENCE)
}
