import type { Logger } from 'pino'
import type { Config } from './config.js'
import type { ChangeFeed } from './engine/changes/ChangeFeed.js'
import { createChangeFeed } from './engine/changes/createChangeFeed.js'
import { settleTimeline } from './engine/changes/settleTimeline.js'
import type { Database } from './engine/database/Database.js'
import { createTokenVerifier, type VerifierOptions, type VerifyToken } from './engine/identity/tokenVerifier.js'
import type { Module } from './engine/Module.js'
import { missingTimeouts } from './engine/migrations/missingTimeouts.js'
import { bringUpToDate, type PrepareOptions, prepareDatabase } from './engine/migrations/prepareDatabase.js'
import { connectRedis, type RedisConnection } from './engine/redis/RedisConnection.js'
import { openReplayCache } from './engine/replay/openReplayCache.js'
import type { ReplayCache } from './engine/replay/ReplayCache.js'
import { databaseMetrics } from './engine/telemetry/databaseMetrics.js'
import { createLogger, fenced } from './engine/telemetry/logger.js'
import { createTelemetry, type Telemetry } from './engine/telemetry/Telemetry.js'
import { leftOutOf, tablesOf } from './modules/moduleNames.js'
import { openModules } from './modules/openModules.js'
import type { TwilioCircuitBreaker } from './modules/sms/breaker/TwilioCircuitBreaker.js'
import type { SmsCarrier } from './modules/sms/SmsCarrier.js'
import { openConfigured } from './openConfigured.js'

/** Everything the API is made of. Built here alone; whoever needs one of them is handed it. */
export interface Dependencies {
  readonly config: Config
  readonly log: Logger
  readonly telemetry: Telemetry
  readonly database: Database
  /** Committed changes of all organisations, for a realtime gateway. Started by `startApi`. */
  readonly changeFeed: ChangeFeed
  /** Null: replicas share nothing but the database. */
  readonly redis: RedisConnection | null
  readonly replayCache: ReplayCache
  readonly verifyToken: VerifyToken
  /** Those that `MODULES` names. */
  readonly modules: readonly Module[]
  /** Lets go of everything that was built here. Safe to call twice. */
  close(): Promise<void>
}

/** Parts to use instead of what the settings would build. They are closed with the rest. */
export type DependencyOverrides = Partial<Pick<Dependencies, 'log' | 'database' | 'replayCache' | 'verifyToken'>> & {
  breaker?: TwilioCircuitBreaker
  smsCarrier?: SmsCarrier | null
}

/**
 * Builds every client the settings ask for and brings the database's schema up to date.
 * @throws {DatabaseError} when the database cannot be opened, or is newer than this code
 * @throws {ConfigError} when a file that a setting names is not what it should be
 */
export async function createDependencies(config: Config, overrides: DependencyOverrides = {}): Promise<Dependencies> {
  const log = overrides.log === undefined ? createLogger(config) : fenced(overrides.log)
  const telemetry = createTelemetry(log, config.logHashKey)
  const database = await openPrepared(overrides.database, config, log)
  tellWhatIsOff(config, log)
  databaseMetrics(telemetry.registry, database)
  const changeFeed = createChangeFeed(database, { onError: (err) => log.warn({ err }, 'change feed could not be read') })
  const redis = config.redisUrl === null ? null : connectRedis({ url: config.redisUrl, onError: redisAway(log) })
  return {
    config,
    log,
    telemetry,
    database,
    changeFeed,
    redis,
    replayCache: overrides.replayCache ?? openReplayCache(redis, config.idempotency),
    verifyToken: overrides.verifyToken ?? createTokenVerifier(config.auth, keySetOptions(log)),
    modules: openModules({ config, log, telemetry, database, breaker: overrides.breaker, carrier: overrides.smsCarrier }),
    close: once(async () => {
      await changeFeed.close()
      await redis?.close()
      await database.close()
    }),
  }
}

async function openPrepared(given: Database | undefined, config: Config, log: Logger): Promise<Database> {
  const database = given ?? (await openConfigured(config, { onConnect: settleTimeline }))
  try {
    await prepareDatabase(database, migrationOptions(config, log))
    if (given === undefined && config.databaseUrl !== null) await warnOfMissingTimeouts(database, log)
    return database
  } catch (error) {
    if (given === undefined) await database.close()
    throw error
  }
}

/**
 * Brings the schema up to date and lets go of the database: `org-api migrate`.
 * @returns the names of the migrations it applied
 * @throws {DatabaseError} as `createDependencies`
 */
export async function migrateOnly(config: Config): Promise<string[]> {
  const database = await openConfigured(config, { onConnect: settleTimeline })
  try {
    return await bringUpToDate(database, { ...migrationOptions(config, createLogger(config)), migrateOnStart: true })
  } finally {
    await database.close()
  }
}

function migrationOptions({ modules, migrateOnStart, migrationsDirs }: Config, log: Logger): PrepareOptions {
  return {
    modules,
    tables: tablesOf(modules),
    leftOut: leftOutOf(modules),
    migrateOnStart,
    directories: migrationsDirs,
    onWait: (migration) => log.warn({ migration }, 'a migration waits for a table that somebody else holds, and tries again'),
  }
}

async function warnOfMissingTimeouts(database: Database, log: Logger): Promise<void> {
  const statements = await missingTimeouts(database)
  if (statements.length > 0) log.warn({ statements }, 'the database role has no time limits, so a client that dies can leave locks behind')
}

function tellWhatIsOff({ logHashKey, metrics, production }: Config, log: Logger): void {
  if (logHashKey === null)
    log.info(
      'LOG_HASH_KEY is not set: organisations and people are hashed with a key of this process, so lines of two replicas cannot be joined',
    )
  if (production && metrics.port === null && metrics.token === null)
    log.info('neither METRICS_TOKEN nor METRICS_PORT is set: nobody can read /metrics')
}

function keySetOptions(log: Logger): VerifierOptions {
  return {
    onAway: (err) => log.error({ err }, 'ALERT: the key set of the identity provider cannot be read; keys that are known go on for a day'),
    onBack: () => log.info('the key set of the identity provider can be read again'),
  }
}

function redisAway(log: Logger): (error: unknown) => void {
  return (err) => log.warn({ err }, 'Redis is away; the ledger answers alone meanwhile')
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined
  return () => {
    closing ??= close()
    return closing
  }
}
