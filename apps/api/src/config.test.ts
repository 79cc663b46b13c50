import { describe, expect, it } from '@jest/globals'
import { loadConfig, loadModules } from './config.js'
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
  PUBLIC_URL: 'https://api.example.com',
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
      modules: ['bookings', 'leads', 'sms', 'crm'],
      sms: { twilio: null, defaultCountry: null, perMinute: 120 },
      migrateOnStart: true,
      migrationsDirs: [],
      trustProxy: false,
    })
  })

  it('needs the database alone to bring its schema up to date, whoever signs people in and whatever sends SMS', () => {
    const env = { NODE_ENV: 'production', DATABASE_URL: 'postgres://db/app' }
    expect(loadConfig(env, { purpose: 'database' })).toMatchObject({ production: true, databaseUrl: 'postgres://db/app' })
    expect(loadConfig({}, { purpose: 'database' })).toMatchObject({ databaseUrl: null })
    expect(() => loadConfig({ NODE_ENV: 'production' }, { purpose: 'database' })).toThrow(/^DATABASE_URL is not set/)
    expect(() => loadConfig({ DATABASE_CA_FILE: '/etc/ca.pem' }, { purpose: 'database' })).toThrow(/^DATABASE_CA_FILE is set, but/)
  })

  it('treats an empty variable as one that is not set', () => {
    expect(loadConfig({ ...LEAST, DATABASE_URL: '', PORT: ' ' })).toMatchObject({ databaseUrl: null, port: 4000 })
  })

  it('reads values without the spaces and line ends that files and secrets leave around them', () => {
    const env: Record<string, string> = {
      ...PRODUCTION,
      PORT: '4100',
      LOG_HASH_KEY: 'a-key-of-16-chars',
      MODULES: 'sms,leads',
      TRUST_PROXY: '1',
    }
    const around = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, `\ufeff ${value}\r\n`]))
    expect(loadConfig(around)).toEqual(loadConfig(env))
    expect(loadModules({ MODULES: ' leads\n' })).toEqual(['leads'])
  })

  it.each([
    ['a line break', { TWILIO_AUTH_TOKEN: 'secret\ntoken' }, 'TWILIO_AUTH_TOKEN'],
    ['a space without a width', { JWT_ISSUER: 'https://id.example\u200b.com' }, 'JWT_ISSUER'],
    ['a line break among modules', { MODULES: 'leads\nsms' }, 'MODULES'],
  ])('refuses %s inside a value, which nobody sees', (_what, env, name) => {
    expect(refusal({ ...LEAST, ...env })).toMatch(new RegExp(`^${name} is wrong: it holds a line break`))
  })

  it.each([`"secret-token"`, `'secret-token'`, `"secret-token"\n`])(
    'refuses %j, whose quotes would be a part of it',
    (TWILIO_AUTH_TOKEN) => {
      const line = refusal({ ...LEAST, TWILIO_AUTH_TOKEN })
      expect(line).toMatch(/^TWILIO_AUTH_TOKEN is wrong: it stands in quotes/)
      expect(line).not.toContain('secret-token')
    },
  )

  it('looks at its own variables alone', () => {
    expect(loadConfig({ ...LEAST, PS1: '\u001b[1m$ ', GREETING: '"hello"' }).port).toBe(4000)
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
    [{ TRUST_PROXY: 'face' }, 'TRUST_PROXY'],
    [{ TRUST_PROXY: '10.0.0.0/33' }, 'TRUST_PROXY'],
    [{ TRUST_PROXY: '0.0.0.0/0' }, 'TRUST_PROXY'],
    [{ TRUST_PROXY: '10.0.0.1,' }, 'TRUST_PROXY'],
    [{ DATABASE_URL: 'postgres://app:%zz@db/app' }, 'DATABASE_URL'],
    [{ DATABASE_URL: 'postgres://db/%zz' }, 'DATABASE_URL'],
    [{ REDIS_URL: 'redis://:%zz@cache' }, 'REDIS_URL'],
    [{ TWILIO_FROM: 'hello' }, 'TWILIO_FROM'],
    [{ TWILIO_FROM: '15005550006' }, 'TWILIO_FROM'],
    [{ TWILIO_FROM: '+1 500 555 0006' }, 'TWILIO_FROM'],
    [{ TWILIO_FROM: '+05005550006' }, 'TWILIO_FROM'],
    [{ TWILIO_MESSAGING_SERVICE_SID: 'MGshort' }, 'TWILIO_MESSAGING_SERVICE_SID'],
    [{ ALLOW_MEMORY_STORE: 'yes' }, 'ALLOW_MEMORY_STORE'],
    [{ NODE_ENV: 'prod' }, 'NODE_ENV'],
    [{ METRICS_TOKEN: 'short' }, 'METRICS_TOKEN'],
    [{ METRICS_PORT: '0' }, 'METRICS_PORT'],
    [{ METRICS_PORT: '4000' }, 'METRICS_PORT'],
    [{ METRICS_PORT: '4100', PORT: '4100' }, 'METRICS_PORT'],
    [{ LOG_HASH_KEY: 'short' }, 'LOG_HASH_KEY'],
    [{ CORS_ALLOWED_HEADERS: '*, a b' }, 'CORS_ALLOWED_HEADERS'],
    [{ CORS_ALLOWED_HEADERS: '*' }, 'CORS_ALLOWED_HEADERS'],
    [{ CORS_ALLOWED_HEADERS: 'X-A,,X-B' }, 'CORS_ALLOWED_HEADERS'],
    [{ CORS_ALLOWED_HEADERS: 'X-A: 1' }, 'CORS_ALLOWED_HEADERS'],
    [{ DATABASE_CA_FILE: '/etc/ca.pem' }, 'DATABASE_CA_FILE'],
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

  it.each(['+15005550006', '12345', '787878'])('takes %s as a sender', (TWILIO_FROM) => {
    expect(loadConfig({ ...LEAST, TWILIO_ACCOUNT_SID: 'AC0123456789', TWILIO_AUTH_TOKEN: 'x', TWILIO_FROM }).sms.twilio?.from).toBe(
      TWILIO_FROM,
    )
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

    it.each([
      'DATABASE_URL',
      'REDIS_URL',
      'TWILIO_ACCOUNT_SID',
      'TWILIO_AUTH_TOKEN',
      'TWILIO_FROM',
      'JWKS_URL',
      'JWT_ISSUER',
      'PUBLIC_URL',
    ] as const)('does not start without %s', (name) => {
      const { [name]: _, ...rest } = PRODUCTION
      expect(refusal(rest)).toMatch(new RegExp(`^${name} is not set`))
    })

    it('needs no address for Twilio where no SMS are sent', () => {
      const { PUBLIC_URL: _, ...rest } = PRODUCTION
      expect(loadConfig({ ...rest, MODULES: 'bookings' }).publicUrl).toBeNull()
    })

    it.each<Record<string, string>>([
      { TWILIO_API_BASE_URL: 'http://127.0.0.1:9999' },
      { TWILIO_API_BASE_URL: 'https://localhost:9999' },
      { TWILIO_API_BASE_URL: 'http://twilio-simulator:9999' },
      { TWILIO_API_BASE_URL: 'https://twilio.internal' },
      { TWILIO_API_BASE_URL: 'https://twilio.test.svc' },
      { TWILIO_API_BASE_URL: 'https://10.1.2.3' },
      { TWILIO_API_BASE_URL: 'https://[fd00::1]' },
      { PUBLIC_URL: 'https://192.168.1.7' },
      { PUBLIC_URL: 'https://172.31.0.1:8443' },
      { PUBLIC_URL: 'http://api' },
      { PUBLIC_URL: 'https://api.corp.internal.' },
      { PUBLIC_URL: 'https://[fe80::1]' },
      { JWKS_URL: 'http://127.0.0.1:4300/jwks.json' },
      { JWKS_URL: 'http://localhost:4300/jwks.json' },
      { JWKS_URL: 'http://[::1]:4300/jwks.json' },
      { JWKS_URL: 'http://0.0.0.0:4300/jwks.json' },
      { JWKS_URL: 'http://2130706433/jwks.json' },
      { JWKS_URL: 'https://demo.example.com/_stand-ins/jwks.json' },
      { JWT_ISSUER: 'http://localhost:4300/_stand-ins' },
      { JWT_ISSUER: 'https://demo.example.com/_stand-ins' },
      { PUBLIC_URL: 'http://localhost:4000' },
      { PUBLIC_URL: 'https://api.localhost.' },
    ])('does not start with %j, which points at a stand-in or at this machine', (env) => {
      const line = refusal({ ...PRODUCTION, ...env })
      expect(line).toMatch(new RegExp(`^${Object.keys(env)[0]} points .*Nothing was started\\.$`))
      expect(line).not.toContain('\n')
    })

    it('may be reached at a public number, have its key set inside, and leave out what needs the world', () => {
      expect(loadConfig({ ...PRODUCTION, PUBLIC_URL: 'https://203.0.113.9' }).publicUrl).toBe('https://203.0.113.9')
      expect(loadConfig({ ...PRODUCTION, JWKS_URL: 'http://keycloak.auth.svc/jwks.json' }).production).toBe(true)
      expect(loadConfig({ ...PRODUCTION, MODULES: 'none', PUBLIC_URL: 'http://api.internal' }).production).toBe(true)
    })

    it('may have its database and its Redis on this machine, and Twilio in another region', () => {
      const env = {
        DATABASE_URL: 'postgres://127.0.0.1/app',
        REDIS_URL: 'redis://localhost',
        TWILIO_API_BASE_URL: 'https://api.dublin.ie1.twilio.com',
      }
      expect(loadConfig({ ...PRODUCTION, ...env }).production).toBe(true)
    })

    it('starts without Redis only when the memory store is asked for', () => {
      const { REDIS_URL: _, ...rest } = PRODUCTION
      expect(loadConfig({ ...rest, ALLOW_MEMORY_STORE: 'true' }).redisUrl).toBeNull()
    })
  })
})

describe('loadConfig for an app that signs people in itself', () => {
  it.each([
    ['on a laptop', {}],
    ['in production', { NODE_ENV: 'production', DATABASE_URL: 'postgres://db.example.com/app', ALLOW_MEMORY_STORE: 'true' }],
  ])('asks for no sign-in settings %s', (_where, env) => {
    const given = { ...env, MODULES: 'leads' }
    expect(loadConfig(given, { signIn: 'app' }).auth.jwksUrl).toBeNull()
    expect(() => loadConfig(given)).toThrow('JWKS_URL is not set')
  })
})
