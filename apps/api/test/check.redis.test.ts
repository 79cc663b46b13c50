import type { Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createIdentity, createTwilioSimulator, type TwilioSimulator } from '@org/stand-ins'
import { freePort } from '@org/tooling/loopback'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import { check, describeFindings, isFit } from '../src/commands/check.js'
import { loadConfig } from '../src/config.js'
import { migrateOnly } from '../src/dependencies.js'
import { portOf, serve } from './harness.js'
import { endAll } from './support/endAll.js'
import { startTestRedis, type TestRedis } from './support/startTestRedis.js'

let postgres: PostgresServer
let redis: TestRedis
let twilio: TwilioSimulator
let web: Server
let env: Record<string, string>
/** What the address of each answers. */
const pages: Record<string, { status: number; body: unknown }> = {}

beforeAll(async () => {
  postgres = await startPostgres()
  redis = await startTestRedis()
  twilio = await createTwilioSimulator()
  const identity = await createIdentity()
  pages['/jwks.json'] = { status: 200, body: identity.jwks() }
  pages['/no-keys.json'] = { status: 200, body: { keys: [] } }
  pages['/healthz'] = { status: 200, body: { status: 'ok' } }
  web = await serve((req, res) => {
    const page = pages[req.url ?? ''] ?? { status: 404, body: {} }
    res.writeHead(page.status, { 'content-type': 'application/json' }).end(JSON.stringify(page.body))
  })
  const home = `http://127.0.0.1:${portOf(web)}`
  env = {
    NODE_ENV: 'test',
    DATABASE_URL: await postgres.createDatabase(),
    REDIS_URL: redis.url,
    JWKS_URL: `${home}/jwks.json`,
    JWT_ISSUER: identity.issuer,
    PUBLIC_URL: home,
    TWILIO_ACCOUNT_SID: twilio.accountSid,
    TWILIO_AUTH_TOKEN: twilio.authToken,
    TWILIO_FROM: twilio.phoneNumber,
    TWILIO_API_BASE_URL: twilio.url,
  }
  await migrateOnly(loadConfig({ ...env, LOG_LEVEL: 'silent' }, { purpose: 'database' }))
})

afterAll(() =>
  endAll(
    () => new Promise((resolve) => web.close(resolve)),
    () => twilio.close(),
    () => redis.stop(),
    () => postgres.stop(),
  ),
)

const found = async (changes: Record<string, string | undefined>) => {
  const findings = await check({ ...env, ...changes })
  return (about: string) => findings.find((finding) => finding.about === about)
}

describe('org-api check', () => {
  it('finds all that a start depends on, and says of what is wrong what to do', async () => {
    const findings = await check(env)
    expect(findings.map(({ about, is }) => [about, is])).toEqual([
      ['settings', 'good'],
      ['database', 'good'],
      ['schema', 'good'],
      ['role', 'wrong'],
      ['redis', 'good'],
      ['key set', 'good'],
      ['Twilio', 'good'],
      ['PUBLIC_URL', 'good'],
    ])
    const text = describeFindings(findings)
    expect(text).toMatch(
      /wrong {6}role {8}It has no time limits.*\n +→ As its owner run: alter role postgres in database .* set statement_timeout = '15s'; alter role/,
    )
    expect(isFit(findings)).toBe(false)
    expect(isFit(findings.filter(({ about }) => about !== 'role'))).toBe(true)
  })

  it('changes nothing: an empty database stays empty, and is told to be one', async () => {
    const empty = await postgres.createDatabase()
    const of = await found({ DATABASE_URL: empty })
    expect(of('schema')).toMatchObject({
      is: 'wrong',
      text: expect.stringMatching(/lacks the schema/),
      todo: expect.stringContaining('org-api migrate'),
    })
    const again = await found({ DATABASE_URL: empty })
    expect(again('schema')).toMatchObject({ is: 'wrong' })
  })

  it('asks for no sign-in settings where the API is part of an app, and looks for it there', async () => {
    pages['/crm/api/session'] = { status: 401, body: { success: false, code: 'UNAUTHENTICATED' } }
    const mounted = { ...env, JWKS_URL: undefined, JWT_ISSUER: undefined, PUBLIC_URL: `${env.PUBLIC_URL}/crm` }
    const is = async (isMounted: boolean) => (await check(mounted, { isMounted })).map(({ about, is }) => [about, is])
    expect(await is(false)).toContainEqual(['settings', 'wrong'])
    const findings = await is(true)
    expect(findings).toContainEqual(['settings', 'good'])
    expect(findings).toContainEqual(['key set', 'left out'])
    expect(findings).toContainEqual(['PUBLIC_URL', 'good'])
    expect((await check({ ...mounted, PUBLIC_URL: env.PUBLIC_URL }, { isMounted: true })).at(-1)).toMatchObject({ is: 'wrong' })
  })

  it('tells a database that takes no writes from one that is away', async () => {
    const readOnly = new URL(String(env.DATABASE_URL))
    readOnly.searchParams.set('options', '-c default_transaction_read_only=on')
    expect((await found({ DATABASE_URL: readOnly.href }))('database')).toMatchObject({
      is: 'wrong',
      text: expect.stringContaining('takes no writes'),
    })
  })

  it.each([
    ['database', { DATABASE_URL: 'postgres://nobody:hunter2@127.0.0.1:PORT/none' }, 'wrong', /does not answer: .*ECONNREFUSED/],
    ['redis', { REDIS_URL: 'redis://:hunter2@127.0.0.1:PORT' }, 'wrong', /ECONNREFUSED/],
    ['redis', { REDIS_URL: '' }, 'left out', /not set/],
    ['Twilio', { TWILIO_AUTH_TOKEN: 'hunter2' }, 'wrong', /refuses account or token: 401, code 20003/],
    ['Twilio', { TWILIO_API_BASE_URL: 'http://127.0.0.1:PORT' }, 'wrong', /cannot be reached/],
    ['Twilio', { MODULES: 'bookings,leads,crm' }, 'left out', /leaves sms out/],
    ['PUBLIC_URL', { PUBLIC_URL: 'http://127.0.0.1:PORT' }, 'not known', /Nothing answers there \(ECONNREFUSED\)/],
    ['key set', { JWKS_URL: 'http://127.0.0.1:PORT/jwks.json' }, 'wrong', /nobody could sign in/],
  ] as const)('%s with %j is %s', async (about, changes, is, text) => {
    const of = await found(JSON.parse(JSON.stringify(changes).replaceAll('PORT', String(await freePort()))))
    expect(of(about)).toMatchObject({ is, text: expect.stringMatching(text) })
    expect(JSON.stringify(of(about))).not.toContain('hunter2')
  })

  it('tells a key set without keys, and a public address that leads elsewhere, from one that is away', async () => {
    const home = env.PUBLIC_URL
    expect((await found({ JWKS_URL: `${home}/no-keys.json` }))('key set')).toMatchObject({
      is: 'wrong',
      text: expect.stringContaining('holds no key'),
    })
    expect((await found({ PUBLIC_URL: `${home}/elsewhere` }))('PUBLIC_URL')).toMatchObject({
      is: 'wrong',
      text: expect.stringContaining('Something else'),
    })
    pages['/starting/healthz'] = { status: 503, body: {} }
    expect((await found({ PUBLIC_URL: `${home}/starting` }))('PUBLIC_URL')).toMatchObject({ is: 'not known' })
  })

  it('with settings that a start refuses names the first, and still looks at the database', async () => {
    const findings = await check({ ...env, PORT: 'many' })
    expect(findings.map(({ about, is }) => [about, is])[0]).toEqual(['settings', 'wrong'])
    const missing = await check({ ...env, TWILIO_AUTH_TOKEN: undefined })
    expect(missing[0]).toMatchObject({ is: 'wrong', text: expect.stringContaining('TWILIO_AUTH_TOKEN is not set') })
    expect(missing.slice(1).map(({ about }) => about)).toEqual(['database', 'schema', 'role'])
    const nowhere = await check({ NODE_ENV: 'production' })
    expect(nowhere.map(({ is }) => is)).toEqual(['wrong', 'not known'])
  })
})
