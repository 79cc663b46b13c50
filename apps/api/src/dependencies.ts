import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import type { Config } from './config.js'
import type { ChangeFeed } from './engine/changes/ChangeFeed.js'
import { createChangeFeed } from './engine/changes/createChangeFeed.js'
import type { Database } from './engine/database/Database.js'
import { openDatabase } from './engine/database/openDatabase.js'
import { type FastStore, openFastStore } from './engine/idempotency/openFastStore.js'
import { createTokenVerifier, type VerifyToken } from './engine/identity/tokenVerifier.js'
import { missingTimeouts } from './engine/migrations/missingTimeouts.js'
import { prepareDatabase } from './engine/migrations/prepareDatabase.js'
import { createLogger } from './engine/telemetry/logger.js'
import { createTelemetry, type Telemetry } from './engine/telemetry/Telemetry.js'
import { TwilioCircuitBreaker } from './modules/sms/breaker/TwilioCircuitBreaker.js'
import { createSmsOutbox } from './modules/sms/createSmsOutbox.js'
import type { SmsCarrier } from './modules/sms/SmsCarrier.js'
import { SmsDispatcher } from './modules/sms/SmsDispatcher.js'
import type { SmsOutbox } from './modules/sms/SmsOutbox.js'
import { SmsReconciler } from './modules/sms/SmsReconciler.js'
import { statusCallbackUrl } from './modules/sms/statusCallbackUrl.js'
import { createTwilioCarrier } from './modules/sms/twilioCarrier.js'

/** Everything the API is made of. Built here alone; whoever needs one of them is handed it. */
export interface Dependencies {
  readonly config: Config
  readonly log: Logger
  readonly telemetry: Telemetry
  readonly database: Database
  /** Committed changes of all organisations, for a realtime gateway. Started by `startApi`. */
  readonly changeFeed: ChangeFeed
  readonly fastStore: FastStore
  readonly verifyToken: VerifyToken
  readonly breaker: TwilioCircuitBreaker
  readonly smsOutbox: SmsOutbox
  /** Null when no Twilio account is configured: SMS rows then wait as `pending`. */
  readonly smsDispatcher: SmsDispatcher | null
  readonly smsReconciler: SmsReconciler | null
  /** Lets go of everything that was built here. Safe to call twice. */
  close(): Promise<void>
}

/** Parts to use instead of what the settings would build. They are closed with the rest. */
export type DependencyOverrides = Partial<
  Pick<Dependencies, 'log' | 'database' | 'fastStore' | 'verifyToken' | 'breaker' | 'smsOutbox'> & { smsCarrier: SmsCarrier | null }
>

const DEFAULT_DATA_DIRECTORY = fileURLToPath(new URL('../../../.data/postgres', import.meta.url))

/**
 * Builds every client the settings ask for and brings the database's schema up to date.
 * @throws {DatabaseError} when the database cannot be opened, or is newer than this code
 */
export async function createDependencies(config: Config, overrides: DependencyOverrides = {}): Promise<Dependencies> {
  const log = overrides.log ?? createLogger(config)
  const telemetry = createTelemetry(log)
  const database = overrides.database ?? (await openPrepared(config, log))
  if (overrides.database !== undefined) await prepareDatabase(database)

  const breaker = overrides.breaker ?? new TwilioCircuitBreaker()
  breaker.onChange(telemetry.onBreakerChange)
  const changeFeed = createChangeFeed(database, { onError: (err) => log.warn({ err }, 'change feed could not be read') })
  const fastStore = overrides.fastStore ?? openStore(config, log)
  const smsOutbox = overrides.smsOutbox ?? createSmsOutbox(database)
  return {
    config,
    log,
    telemetry,
    database,
    changeFeed,
    fastStore,
    verifyToken: overrides.verifyToken ?? createTokenVerifier(config.auth),
    breaker,
    smsOutbox,
    ...smsSenders({ config, breaker, smsOutbox, telemetry }, overrides.smsCarrier),
    close: once(async () => {
      await changeFeed.close()
      await fastStore.redis?.close()
      await database.close()
    }),
  }
}

async function openPrepared({ databaseUrl, dataDir }: Config, log: Logger): Promise<Database> {
  const database = await openDatabase({ databaseUrl: databaseUrl ?? undefined, dataDirectory: dataDir ?? DEFAULT_DATA_DIRECTORY })
  try {
    await prepareDatabase(database)
    if (databaseUrl !== null) await warnOfMissingTimeouts(database, log)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

async function warnOfMissingTimeouts(database: Database, log: Logger): Promise<void> {
  const statements = await missingTimeouts(database)
  if (statements.length > 0) log.warn({ statements }, 'the database role has no time limits, so a client that dies can leave locks behind')
}

function openStore({ redisUrl, idempotency }: Config, log: Logger): FastStore {
  const onRedisError = (err: unknown) => log.warn({ err }, 'Redis is away; the ledger alone decides meanwhile')
  return openFastStore({ redisUrl, ...idempotency, onRedisError })
}

type SmsParts = Pick<Dependencies, 'config' | 'breaker' | 'smsOutbox' | 'telemetry'>

function smsSenders(
  { config, breaker, smsOutbox, telemetry }: SmsParts,
  given?: SmsCarrier | null,
): Pick<Dependencies, 'smsDispatcher' | 'smsReconciler'> {
  const carrier = given === undefined && config.twilio !== null ? createTwilioCarrier(config.twilio) : (given ?? null)
  if (carrier === null) return { smsDispatcher: null, smsReconciler: null }
  const common = { outbox: smsOutbox, carrier, events: telemetry.sms }
  const statusCallback = (sms: { id: string; attempt: number }) => statusCallbackUrl(config.publicUrl, sms)
  return { smsDispatcher: new SmsDispatcher({ ...common, breaker, statusCallback }), smsReconciler: new SmsReconciler(common) }
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined
  return () => {
    closing ??= close()
    return closing
  }
}
