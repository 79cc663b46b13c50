import * as z from 'zod'
import { flag, headerNames, list, origins, secret, trustProxy, url, whole } from './settingParsers.js'
import { homeRefusal } from './standIns.js'

const SECOND_MS = 1_000
const MEBIBYTE = 1024 * 1024

/** The engine's settings, one environment variable each. */
export const ENGINE_SETTINGS = {
  NODE_ENV: z.enum(['development', 'test', 'production'], 'must be development, test or production').default('development'),
  HOST: z.string().optional(),
  PORT: whole(0, 65_535).default(4000),
  PUBLIC_URL: url('http:', 'https:').optional(),
  CORS_ORIGINS: origins.default([]),
  CORS_ALLOWED_HEADERS: headerNames.default([]),
  TRUST_PROXY: trustProxy.default(false),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'must be fatal, error, warn, info, debug, trace or silent')
    .default('info'),
  LOG_HASH_KEY: secret(16).optional(),
  METRICS_TOKEN: secret(16).optional(),
  METRICS_PORT: whole(1, 65_535).optional(),
  DATABASE_URL: url('postgres:', 'postgresql:').optional(),
  DATABASE_CA_FILE: z.string().optional(),
  DATABASE_POOL_SIZE: whole(2, 1_000).default(10),
  DATABASE_CONNECT_TIMEOUT_SECONDS: whole(1, 3).default(2),
  DATABASE_STATEMENT_TIMEOUT_SECONDS: whole(3, 7).default(7),
  DATA_DIR: z.string().optional(),
  MIGRATE_ON_START: flag.default(true),
  MIGRATIONS_DIRS: list.default([]),
  REDIS_URL: url('redis:', 'rediss:').optional(),
  ALLOW_MEMORY_STORE: flag.default(false),
  IDEMPOTENCY_WINDOW_SECONDS: whole(1, 86_400).default(60),
  IDEMPOTENCY_MEMORY_ENTRIES: whole(100, 10_000_000).default(10_000),
  IDEMPOTENCY_MEMORY_MB: whole(1, 65_536).default(64),
  JWKS_URL: url('http:', 'https:').optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().default('authenticated'),
  ALLOW_HS256: flag.default(false),
  JWT_HS256_SECRET: secret(32).optional(),
  TENANT_CLAIM: z.string().default('app_metadata.org_id'),
  SESSION_COOKIE_NAME: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be letters, digits, ".", "_" or "-"')
    .default('session'),
  RATE_LIMIT_ADDRESS_PER_MINUTE: whole(1, 10_000_000).default(6_000),
  RATE_LIMIT_USER_PER_MINUTE: whole(1, 10_000_000).default(600),
  KEEP_ALIVE_SECONDS: whole(1, 3_600).default(75),
  SHUTDOWN_DELAY_SECONDS: whole(0, 60).default(0),
  SHUTDOWN_DRAIN_SECONDS: whole(1, 120).default(20),
}

const engineSchema = z.object(ENGINE_SETTINGS)

export type EngineSettings = z.output<typeof engineSchema>

/** How tokens are checked. */
export interface AuthConfig {
  jwksUrl: string | null
  issuer: string | null
  audience: string
  /** Set only when `ALLOW_HS256=true`; then a shared secret signs tokens too. */
  hs256Secret: string | null
  /** Dotted path of the claim that names the organisation. */
  tenantClaim: string
  sessionCookieName: string
}

/** What the engine is set to. Durations end in `Ms`, sizes in `Bytes`. */
export interface EngineConfig {
  production: boolean
  host: string
  port: number
  /** Where the world reaches this API, without a trailing slash; null when it is not known. */
  publicUrl: string | null
  corsOrigins: readonly string[]
  /** Request headers that pages of those origins may send beside ours. */
  corsAllowedHeaders: readonly string[]
  trustProxy: false | number | string[]
  logLevel: EngineSettings['LOG_LEVEL']
  /** Hashes organisations and people in the log; null: a random one of this process. */
  logHashKey: string | null
  /** Where metrics are read, and what a reader must bear; without either nobody reads them in production. */
  metrics: { port: number | null; token: string | null }
  /** Null: the embedded database in `dataDir`. */
  databaseUrl: string | null
  /** Certificates of whoever vouches for the database; null: those that this system trusts. */
  databaseCaFile: string | null
  /** Connections for requests, and how long one is waited for and a statement may take: together below a route's limit. */
  database: { poolSize: number; connectTimeoutMs: number; timeoutMs: number }
  dataDir: string | null
  /** Whether a start brings the schema up to date; otherwise it refuses one that is not. */
  migrateOnStart: boolean
  /** Directories of a team's own migrations, applied after ours in this order. */
  migrationsDirs: readonly string[]
  /** Null: the in-process store. */
  redisUrl: string | null
  idempotency: { windowMs: number; memoryEntries: number; memoryBytes: number }
  auth: AuthConfig
  limits: { addressPerMinute: number; userPerMinute: number }
  keepAliveMs: number
  shutdown: { delayMs: number; drainMs: number }
}

/** Who says who is calling: access tokens, by these settings; or the app that the API is mounted in, by its `caller`. */
export type SignIn = 'tokens' | 'app'

/** Why the engine cannot start with these settings, as one line; null when it can. */
export function engineRefusal(settings: EngineSettings, signIn: SignIn = 'tokens'): string | null {
  return databaseRefusal(settings) ?? unfitForProduction(settings, signIn) ?? missingPart(settings, signIn)
}

/**
 * What keeps the schema from being brought up to date; null when nothing does. Sign-in, Redis and the carrier are not needed for it.
 * An embedded database that slips into production loses what people clicked, so it fails instead.
 */
export function databaseRefusal(settings: EngineSettings): string | null {
  if (settings.DATABASE_URL !== undefined) return null
  if (settings.NODE_ENV === 'production') return missingInProduction('DATABASE_URL')
  if (settings.DATABASE_CA_FILE === undefined) return null
  return 'DATABASE_CA_FILE is set, but DATABASE_URL is not: the embedded database needs no certificate. Remove it, or set DATABASE_URL.'
}

function missingInProduction(name: string): string {
  return `${name} is not set, and NODE_ENV=production needs it. Nothing was started.`
}

function unfitForProduction(settings: EngineSettings, signIn: SignIn): string | null {
  if (settings.NODE_ENV !== 'production') return null
  const needed = signIn === 'tokens' ? (['JWKS_URL', 'JWT_ISSUER'] as const) : []
  const missing = needed.find((name) => settings[name] === undefined)
  if (missing !== undefined) return missingInProduction(missing)
  if (settings.REDIS_URL === undefined && !settings.ALLOW_MEMORY_STORE)
    return 'REDIS_URL is not set, and NODE_ENV=production needs it. For a single process say ALLOW_MEMORY_STORE=true. Nothing was started.'
  return homeRefusal({ JWKS_URL: settings.JWKS_URL, JWT_ISSUER: settings.JWT_ISSUER, PUBLIC_URL: settings.PUBLIC_URL })
}

function missingPart(settings: EngineSettings, signIn: SignIn): string | null {
  if (settings.ALLOW_HS256 && settings.JWT_HS256_SECRET === undefined)
    return 'JWT_HS256_SECRET is not set, but ALLOW_HS256=true asks for it. Set the secret, or remove ALLOW_HS256.'
  if (settings.METRICS_PORT !== undefined && settings.METRICS_PORT === settings.PORT)
    return 'METRICS_PORT is wrong: it must be another one than PORT.'
  if (signIn === 'tokens' && settings.JWKS_URL === undefined && !settings.ALLOW_HS256)
    return "JWKS_URL is not set, so nobody could sign in. Set it to the address of your identity provider's key set."
  return null
}

export function toEngineConfig(settings: EngineSettings): EngineConfig {
  return {
    production: settings.NODE_ENV === 'production',
    // A container must be reachable from outside; a laptop must not.
    host: settings.HOST ?? (settings.NODE_ENV === 'production' ? '0.0.0.0' : '127.0.0.1'),
    port: settings.PORT,
    publicUrl: settings.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    corsOrigins: settings.CORS_ORIGINS,
    corsAllowedHeaders: settings.CORS_ALLOWED_HEADERS,
    trustProxy: settings.TRUST_PROXY,
    logLevel: settings.LOG_LEVEL,
    logHashKey: settings.LOG_HASH_KEY ?? null,
    metrics: { port: settings.METRICS_PORT ?? null, token: settings.METRICS_TOKEN ?? null },
    databaseUrl: settings.DATABASE_URL ?? null,
    databaseCaFile: settings.DATABASE_CA_FILE ?? null,
    database: {
      poolSize: settings.DATABASE_POOL_SIZE,
      connectTimeoutMs: settings.DATABASE_CONNECT_TIMEOUT_SECONDS * SECOND_MS,
      timeoutMs: settings.DATABASE_STATEMENT_TIMEOUT_SECONDS * SECOND_MS,
    },
    dataDir: settings.DATA_DIR ?? null,
    migrateOnStart: settings.MIGRATE_ON_START,
    migrationsDirs: settings.MIGRATIONS_DIRS,
    redisUrl: settings.REDIS_URL ?? null,
    idempotency: {
      windowMs: settings.IDEMPOTENCY_WINDOW_SECONDS * SECOND_MS,
      memoryEntries: settings.IDEMPOTENCY_MEMORY_ENTRIES,
      memoryBytes: settings.IDEMPOTENCY_MEMORY_MB * MEBIBYTE,
    },
    auth: {
      jwksUrl: settings.JWKS_URL ?? null,
      issuer: settings.JWT_ISSUER ?? null,
      audience: settings.JWT_AUDIENCE,
      hs256Secret: settings.ALLOW_HS256 ? (settings.JWT_HS256_SECRET ?? null) : null,
      tenantClaim: settings.TENANT_CLAIM,
      sessionCookieName: settings.SESSION_COOKIE_NAME,
    },
    limits: {
      addressPerMinute: settings.RATE_LIMIT_ADDRESS_PER_MINUTE,
      userPerMinute: settings.RATE_LIMIT_USER_PER_MINUTE,
    },
    keepAliveMs: settings.KEEP_ALIVE_SECONDS * SECOND_MS,
    shutdown: { delayMs: settings.SHUTDOWN_DELAY_SECONDS * SECOND_MS, drainMs: settings.SHUTDOWN_DRAIN_SECONDS * SECOND_MS },
  }
}
