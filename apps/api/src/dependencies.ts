import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { TwilioCircuitBreaker } from './breaker/TwilioCircuitBreaker.js'
import type { Config } from './config.js'
import type { Database } from './database/Database.js'
import { openDatabase } from './database/openDatabase.js'
import { prepareDatabase } from './database/prepareDatabase.js'
import type { IdempotencyStore } from './idempotency/IdempotencyStore.js'
import { MemoryStore } from './idempotency/memoryStore.js'
import { createTokenVerifier, type VerifyToken } from './middleware/tokenVerifier.js'
import type { ChangeFeed } from './services/ChangeFeed.js'
import { createChangeFeed } from './services/createChangeFeed.js'
import { createSmsOutbox } from './services/smsOutbox.js'
import type { SmsCarrier } from './sms/SmsCarrier.js'
import { SmsDispatcher } from './sms/SmsDispatcher.js'
import type { SmsEvents } from './sms/SmsEvents.js'
import type { SmsOutbox } from './sms/SmsOutbox.js'
import { statusCallbackUrl } from './sms/statusCallbackUrl.js'
import { createTwilioCarrier } from './sms/twilioCarrier.js'
import { createLogger } from './telemetry/logger.js'
import { smsEvents } from './telemetry/smsEvents.js'

/** Everything the API is made of. Built here alone; whoever needs one of them is handed it. */
export interface Dependencies {
  readonly config: Config
  readonly log: Logger
  readonly database: Database
  /** Committed changes of all organisations, for a realtime gateway. Started by `startApi`. */
  readonly changeFeed: ChangeFeed
  readonly idempotencyStore: IdempotencyStore
  readonly verifyToken: VerifyToken
  readonly breaker: TwilioCircuitBreaker
  readonly smsOutbox: SmsOutbox
  /** Null when no Twilio account is configured: SMS rows then wait as `pending`. */
  readonly smsDispatcher: SmsDispatcher | null
  readonly smsEvents: SmsEvents
  /** Lets go of everything that was built here. Safe to call twice. */
  close(): Promise<void>
}

/** Parts to use instead of what the settings would build. They are closed with the rest. */
export type DependencyOverrides = Partial<
  Pick<Dependencies, 'log' | 'database' | 'idempotencyStore' | 'verifyToken' | 'breaker' | 'smsOutbox'> & { smsCarrier: SmsCarrier | null }
>

const DEFAULT_DATA_DIRECTORY = fileURLToPath(new URL('../../../.data/postgres', import.meta.url))

/**
 * Builds every client the settings ask for and brings the database's schema up to date.
 * @throws {DatabaseError} when the database cannot be opened, or is newer than this code
 */
export async function createDependencies(config: Config, overrides: DependencyOverrides = {}): Promise<Dependencies> {
  const log = overrides.log ?? createLogger(config)
  const database = overrides.database ?? (await open(config))
  await prepareDatabase(database).catch((error: unknown) => database.close().finally(() => Promise.reject(error)))

  const breaker = overrides.breaker ?? new TwilioCircuitBreaker()
  const smsOutbox = overrides.smsOutbox ?? createSmsOutbox(database)
  const events = smsEvents(log)
  const changeFeed = createChangeFeed(database, { onError: (err) => log.warn({ err }, 'change feed could not be read') })
  const parts = { config, log, database, changeFeed, breaker, smsOutbox, smsEvents: events }
  return {
    ...parts,
    idempotencyStore: overrides.idempotencyStore ?? memoryStore(config),
    verifyToken: overrides.verifyToken ?? createTokenVerifier(config.auth),
    smsDispatcher: createDispatcher(parts, overrides.smsCarrier),
    close: closeOnce(async () => {
      await changeFeed.close()
      await database.close()
    }),
  }
}

function open(config: Config): Promise<Database> {
  return openDatabase({ databaseUrl: config.databaseUrl ?? undefined, dataDirectory: config.dataDir ?? DEFAULT_DATA_DIRECTORY })
}

function memoryStore({ idempotency }: Config): IdempotencyStore {
  return new MemoryStore({ maxEntries: idempotency.memoryEntries, maxBytes: idempotency.memoryBytes })
}

type DispatcherParts = Pick<Dependencies, 'config' | 'breaker' | 'smsOutbox' | 'smsEvents'>

function createDispatcher({ config, breaker, smsOutbox, smsEvents }: DispatcherParts, given?: SmsCarrier | null): SmsDispatcher | null {
  const carrier = given === undefined && config.twilio !== null ? createTwilioCarrier(config.twilio) : (given ?? null)
  if (carrier === null) return null
  return new SmsDispatcher({
    outbox: smsOutbox,
    carrier,
    breaker,
    statusCallback: (sms) => statusCallbackUrl(config.publicUrl, sms),
    events: smsEvents,
  })
}

function closeOnce(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined
  return () => {
    closing ??= close()
    return closing
  }
}
