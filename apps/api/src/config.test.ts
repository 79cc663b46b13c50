import { describe, expect, it } from '@jest/globals'
import { loadConfig } from './config.js'
import { ConfigError } from './engine/config/ConfigError.js'

const LEAST = { JWKS_URL: 'https://id.example.com/jwks.json' }
const PRODUCTION = {
  ...LEAST,
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://db/app',
  REDIS_URL: 'redis://cache',
  TWILIO_ACCOUNT_SID: 'AC0123456789',
  TWILIO_AUTH_TOKEN: 'secret-token',
  TWILIO_FROM: '+15005550006',
  JWT_ISSUER: 'https://id.example.com',
}

function refusal(env: Record<string, string>): string {
  try {
    loadConfig(env)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as Error).message
  }
  throw new Error('loadConfig took what it should refuse')
}

describe('loadConfig', () => {
  it('needs little on a developer’s machine, and stays on loopback there', () => {
    expect(loadConfig(LEAST)).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 4000,
      databaseUrl: null,
      redisUrl: null,
      idempotency: { windowMs: 60_000, memoryEntries: 10_000, memoryBytes: 64 * 1024 * 1024 },
      auth: { tenantClaim: 'app_metadata.org_id', sessionCookieName: 'session', hs256Secret: null },
      limits: { userPerMinute: 600 },
      modules: ['crm', 'bookings', 'leads', 'sms'],
      sms: { twilio: null, defaultCountry: null, perMinute: 120 },
      migrateOnStart: true,
      migrationsDirs: [],
      trustProxy: false,
    })
  })

  it('treats an empty variable as one that is not set', () => {
    expect(loadConfig({ ...LEAST, DATABASE_URL: '', PORT: ' ' })).toMatchObject({ databaseUrl: null, port: 4000 })
  })

  it.each([
    [{ PORT: 'abc' }, 'PORT'],
    [{ PORT: '65536' }, 'PORT'],
    [{ IDEMPOTENCY_WINDOW_SECONDS: '0' }, 'IDEMPOTENCY_WINDOW_SECONDS'],
    [{ DATABASE_URL: 'mysql://db' }, 'DATABASE_URL'],
    [{ REDIS_URL: 'localhost:6379' }, 'REDIS_URL'],
    [{ CORS_ORIGINS: 'https://a.example/path' }, 'CORS_ORIGINS'],
    [{ CORS_ORIGINS: '*' }, 'CORS_ORIGINS'],
    [{ TRUST_PROXY: 'true' }, 'TRUST_PROXY'],
    [{ ALLOW_MEMORY_STORE: 'yes' }, 'ALLOW_MEMORY_STORE'],
    [{ NODE_ENV: 'prod' }, 'NODE_ENV'],
    [{ METRICS_TOKEN: 'short' }, 'METRICS_TOKEN'],
    [{ TWILIO_ACCOUNT_SID: 'AC0123456789' }, 'TWILIO_AUTH_TOKEN'],
    [{ SMS_DEFAULT_COUNTRY: 'Germany' }, 'SMS_DEFAULT_COUNTRY'],
    [{ SMS_DEFAULT_COUNTRY: 'us' }, 'SMS_DEFAULT_COUNTRY'],
    [{ ALLOW_HS256: 'true' }, 'JWT_HS256_SECRET'],
    [{ SESSION_COOKIE_NAME: 'a=b' }, 'SESSION_COOKIE_NAME'],
  ])('refuses %j with one line that names %s', (env, name) => {
    const line = refusal({ ...LEAST, ...env })
    expect(line).toMatch(new RegExp(`^${name} `))
    expect(line).not.toContain('\n')
  })

  it('does not repeat a wrong value, which may be a secret in the wrong place', () => {
    expect(refusal({ ...LEAST, PORT: 'my-password' })).not.toContain('my-password')
  })

  it('says so when nobody could sign in', () => {
    expect(refusal({})).toMatch(/^JWKS_URL /)
  })

  it('takes a shared secret only when it is asked for by name', () => {
    const secret = 'a-shared-secret-of-more-than-32-characters'
    expect(loadConfig({ ...LEAST, JWT_HS256_SECRET: secret }).auth.hs256Secret).toBeNull()
    expect(loadConfig({ ALLOW_HS256: 'true', JWT_HS256_SECRET: secret }).auth.hs256Secret).toBe(secret)
  })

  it('reads lists and numbers of proxies', () => {
    expect(loadConfig({ ...LEAST, CORS_ORIGINS: 'https://a.example, https://b.example' }).corsOrigins).toEqual([
      'https://a.example',
      'https://b.example',
    ])
    expect(loadConfig({ ...LEAST, TRUST_PROXY: '2' }).trustProxy).toBe(2)
    expect(loadConfig({ ...LEAST, TRUST_PROXY: '10.0.0.0/8,10.1.0.1' }).trustProxy).toEqual(['10.0.0.0/8', '10.1.0.1'])
  })

  describe('in production', () => {
    it('starts with everything set, reachable from outside', () => {
      expect(loadConfig(PRODUCTION)).toMatchObject({ production: true, host: '0.0.0.0' })
    })

    it.each(['DATABASE_URL', 'REDIS_URL', 'TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM', 'JWKS_URL', 'JWT_ISSUER'] as const)(
      'does not start without %s',
      (name) => {
        const { [name]: _, ...rest } = PRODUCTION
        expect(refusal(rest)).toMatch(new RegExp(`^${name} is not set`))
      },
    )

    it('starts without Redis only when the memory store is asked for', () => {
      const { REDIS_URL: _, ...rest } = PRODUCTION
      expect(loadConfig({ ...rest, ALLOW_MEMORY_STORE: 'true' }).redisUrl).toBeNull()
    })
  })
})
