import * as z from 'zod'
import { ConfigError } from './engine/config/ConfigError.js'
import { productionRefusal } from './productionRefusal.js'

const SECOND_MS = 1_000
const MEBIBYTE = 1024 * 1024

const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`)

const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true')

const url = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (value) => URL.canParse(value) && protocols.includes(new URL(value).protocol),
      `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    )

/** "https://a.example,https://b.example" as exact origins; a path or a wildcard would never match, so it is refused. */
const origins = z
  .string()
  .transform((value) => value.split(',').map((origin) => origin.trim()))
  .refine(
    (list) => list.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
    'must be exact origins separated by commas, for example https://app.example.com (no path, no wildcard)',
  )

/** How many proxies stand in front (a number), or their addresses. `true` would let any client choose its address. */
const trustProxy = z
  .string()
  .regex(/^(false|\d{1,2}|[0-9a-fA-F.:/, ]+|loopback|linklocal|uniquelocal)$/, 'must be false, a number of proxies, or their addresses')
  .transform((value) => (value === 'false' ? false : /^\d+$/.test(value) ? Number(value) : value.split(',').map((entry) => entry.trim())))

/** Every setting of the API, one environment variable each. */
export const settingsSchema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production'], 'must be development, test or production').default('development'),
  HOST: z.string().optional(),
  PORT: whole(0, 65_535).default(4000),
  PUBLIC_URL: url('http:', 'https:').optional(),
  CORS_ORIGINS: origins.default([]),
  TRUST_PROXY: trustProxy.default(false),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'must be fatal, error, warn, info, debug, trace or silent')
    .default('info'),
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),

  DATABASE_URL: url('postgres:', 'postgresql:').optional(),
  DATA_DIR: z.string().optional(),
  REDIS_URL: url('redis:', 'rediss:').optional(),
  ALLOW_MEMORY_STORE: flag.default(false),
  IDEMPOTENCY_WINDOW_SECONDS: whole(1, 86_400).default(60),
  IDEMPOTENCY_MEMORY_ENTRIES: whole(100, 10_000_000).default(10_000),
  IDEMPOTENCY_MEMORY_MB: whole(1, 65_536).default(64),

  JWKS_URL: url('http:', 'https:').optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().default('authenticated'),
  ALLOW_HS256: flag.default(false),
  JWT_HS256_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  TENANT_CLAIM: z.string().default('app_metadata.org_id'),
  SESSION_COOKIE_NAME: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be letters, digits, ".", "_" or "-"')
    .default('session'),

  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[A-Za-z0-9]{4,64}$/, 'must start with AC')
    .optional(),
  TWILIO_AUTH_TOKEN: z.string().optional(),
  TWILIO_AUTH_TOKEN_PREVIOUS: z.string().optional(),
  TWILIO_FROM: z.string().optional(),
  TWILIO_MESSAGING_SERVICE_SID: z.string().regex(/^MG/, 'must start with MG').optional(),
  TWILIO_API_BASE_URL: url('http:', 'https:').optional(),

  RATE_LIMIT_ADDRESS_PER_MINUTE: whole(1, 10_000_000).default(6_000),
  RATE_LIMIT_USER_PER_MINUTE: whole(1, 10_000_000).default(600),
  SMS_LIMIT_USER_PER_MINUTE: whole(1, 10_000_000).default(120),

  KEEP_ALIVE_SECONDS: whole(1, 3_600).default(75),
  SHUTDOWN_DELAY_SECONDS: whole(0, 60).default(0),
  SHUTDOWN_DRAIN_SECONDS: whole(1, 120).default(20),
})

type Settings = z.output<typeof settingsSchema>

/** Which Twilio account sends, and where its API is. */
export interface TwilioConfig {
  accountSid: string
  authToken: string
  /** Still accepted on webhooks while a token is being rotated. */
  previousAuthToken: string | null
  /** The sender's number; null when a messaging service chooses it. */
  from: string | null
  messagingServiceSid: string | null
  /** Replaces https://api.twilio.com, for a stand-in or a proxy; null for the real one. */
  apiBaseUrl: string | null
}

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

/** The API's settings. Durations end in `Ms`, sizes in `Bytes`. */
export interface Config {
  production: boolean
  host: string
  port: number
  /** Where Twilio reaches this API, without a trailing slash; null when it cannot. */
  publicUrl: string | null
  corsOrigins: readonly string[]
  trustProxy: false | number | string[]
  logLevel: Settings['LOG_LEVEL']
  metricsToken: string | null
  /** Null: the embedded database in `dataDir`. */
  databaseUrl: string | null
  dataDir: string | null
  /** Null: the in-process store. */
  redisUrl: string | null
  idempotency: { windowMs: number; memoryEntries: number; memoryBytes: number }
  auth: AuthConfig
  /** Null when no account is configured: SMS rows then wait as `pending`. */
  twilio: TwilioConfig | null
  limits: { addressPerMinute: number; userPerMinute: number; smsPerMinute: number }
  keepAliveMs: number
  shutdown: { delayMs: number; drainMs: number }
}

/**
 * Reads every setting once.
 * @throws {ConfigError} one line that names the first wrong or missing variable
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''))
  const parsed = settingsSchema.safeParse(present)
  if (!parsed.success) throw settingError(parsed.error)
  const refusal = productionRefusal(parsed.data) ?? missingPart(parsed.data)
  if (refusal !== null) throw new ConfigError(refusal)
  return toConfig(parsed.data)
}

// The value is not repeated: it may be a secret that landed in the wrong variable.
function settingError(error: z.ZodError): ConfigError {
  const issue = error.issues[0]
  return new ConfigError(`${String(issue?.path[0] ?? 'settings')} is wrong: it ${issue?.message ?? 'cannot be read'}.`)
}

function missingPart(settings: Settings): string | null {
  if (settings.ALLOW_HS256 && settings.JWT_HS256_SECRET === undefined)
    return 'JWT_HS256_SECRET is not set, but ALLOW_HS256=true asks for it. Set the secret, or remove ALLOW_HS256.'
  if (settings.JWKS_URL === undefined && !settings.ALLOW_HS256)
    return "JWKS_URL is not set, so nobody could sign in. Set it to the address of your identity provider's key set."
  if (settings.TWILIO_ACCOUNT_SID === undefined) return null
  if (settings.TWILIO_AUTH_TOKEN === undefined) return 'TWILIO_AUTH_TOKEN is not set, but TWILIO_ACCOUNT_SID is. Set both or neither.'
  if (settings.TWILIO_FROM === undefined && settings.TWILIO_MESSAGING_SERVICE_SID === undefined)
    return 'TWILIO_FROM is not set. Set the sending number, or TWILIO_MESSAGING_SERVICE_SID.'
  return null
}

function toConfig(settings: Settings): Config {
  return {
    production: settings.NODE_ENV === 'production',
    // A container must be reachable from outside; a laptop must not.
    host: settings.HOST ?? (settings.NODE_ENV === 'production' ? '0.0.0.0' : '127.0.0.1'),
    port: settings.PORT,
    publicUrl: settings.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    corsOrigins: settings.CORS_ORIGINS,
    trustProxy: settings.TRUST_PROXY,
    logLevel: settings.LOG_LEVEL,
    metricsToken: settings.METRICS_TOKEN ?? null,
    databaseUrl: settings.DATABASE_URL ?? null,
    dataDir: settings.DATA_DIR ?? null,
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
    twilio: toTwilio(settings),
    limits: {
      addressPerMinute: settings.RATE_LIMIT_ADDRESS_PER_MINUTE,
      userPerMinute: settings.RATE_LIMIT_USER_PER_MINUTE,
      smsPerMinute: settings.SMS_LIMIT_USER_PER_MINUTE,
    },
    keepAliveMs: settings.KEEP_ALIVE_SECONDS * SECOND_MS,
    shutdown: { delayMs: settings.SHUTDOWN_DELAY_SECONDS * SECOND_MS, drainMs: settings.SHUTDOWN_DRAIN_SECONDS * SECOND_MS },
  }
}

function toTwilio(settings: Settings): TwilioConfig | null {
  if (settings.TWILIO_ACCOUNT_SID === undefined || settings.TWILIO_AUTH_TOKEN === undefined) return null
  return {
    accountSid: settings.TWILIO_ACCOUNT_SID,
    authToken: settings.TWILIO_AUTH_TOKEN,
    previousAuthToken: settings.TWILIO_AUTH_TOKEN_PREVIOUS ?? null,
    from: settings.TWILIO_FROM ?? null,
    messagingServiceSid: settings.TWILIO_MESSAGING_SERVICE_SID ?? null,
    apiBaseUrl: settings.TWILIO_API_BASE_URL?.replace(/\/+$/, '') ?? null,
  }
}
