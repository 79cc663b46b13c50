import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { createIdentity, type Identity } from '@org/stand-ins'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { createTokenVerifier, type VerifyToken } from './tokenVerifier.js'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const ISSUER = 'http://identity.test'

let server: Server
let respond: (response: ServerResponse) => void
let fetches: number
let told: string[]
let now: number
let identity: Identity
let verify: VerifyToken

/** One case waits for it; and a busy machine takes its time for a set that is there. */
const TIMEOUT_MS = 3_000
const withKeysOf =
  (...identities: Identity[]) =>
  (response: ServerResponse) =>
    response.end(JSON.stringify({ keys: identities.flatMap((one) => one.jwks().keys) }))
const away = (response: ServerResponse) => response.writeHead(503).end('away')
const verdict = (token: string) =>
  verify(token).then(
    ({ actor }) => actor,
    ({ code }: { code: string }) => code,
  )
const tokenOf = (of: Identity) => of.issueToken({ user: 'ana', lifetimeSeconds: 200_000 })

beforeEach(async () => {
  now = Date.now()
  identity = await createIdentity({ issuer: ISSUER })
  respond = withKeysOf(identity)
  fetches = 0
  told = []
  server = createServer((_request, response) => {
    fetches += 1
    respond(response.setHeader('content-type', 'application/json'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  verify = createTokenVerifier(config(), {
    now: () => now,
    wait: async (ms) => {
      now += ms
    },
    timeoutMs: TIMEOUT_MS,
    onAway: () => told.push('away'),
    onBack: () => told.push('back'),
  })
})

const config = () => ({
  jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
  issuer: ISSUER,
  audience: 'authenticated',
  hs256Secret: null,
  tenantClaim: 'app_metadata.org_id',
  sessionCookieName: 'session',
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

describe('while the identity provider is away', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ['answers 503', away],
    ['answers a page', (response) => response.end('<html>')],
    ['answers no keys', (response) => response.end('{"keys":[]}')],
    ['answers something else', (response) => response.end('{"message":"not found"}')],
    ['answers elsewhere', (response) => response.writeHead(302, { location: '/login' }).end()],
    ['hangs up', (response) => response.destroy()],
    ['says nothing', () => undefined],
  ])(
    'and %s, known keys go on, and an unknown one is not decided',
    async (_name, answer) => {
      const token = await tokenOf(identity)
      const strangers = await tokenOf(await createIdentity({ issuer: ISSUER }))
      expect(await verdict(token)).toBe('user-456')

      respond = answer
      now += 11 * MINUTE_MS
      expect(await verdict(token)).toBe('user-456')
      expect(await verdict(strangers)).toBe('STORE_UNAVAILABLE')
      now += 5 * HOUR_MS
      expect(await verdict(token)).toBe('user-456')
      expect(await verdict(strangers)).toBe('STORE_UNAVAILABLE')
    },
    30_000,
  )

  it('it is not asked at every request, and operators are told once', async () => {
    const token = await tokenOf(identity)
    await verify(token)
    respond = away
    now += 11 * MINUTE_MS
    fetches = 0
    for (let request = 0; request < 50; request += 1) await verify(token)
    expect([fetches, told]).toEqual([1, ['away']])
    now += MINUTE_MS
    await verify(token)
    expect(told).toEqual(['away'])
  })

  it('a token that is forged is refused as ever', async () => {
    const token = await tokenOf(identity)
    await verify(token)
    respond = away
    now += 11 * MINUTE_MS
    expect(await verdict(`${token.slice(0, -8)}AAAAAAAA`)).toBe('UNAUTHENTICATED')
  })

  it('a day is the longest that known keys go on without it', async () => {
    const token = await tokenOf(identity)
    await verify(token)
    respond = away
    now += 23 * HOUR_MS
    expect(await verdict(token)).toBe('user-456')
    now += 2 * HOUR_MS
    expect(await verdict(token)).toBe('STORE_UNAVAILABLE')
    respond = withKeysOf(identity)
    now += MINUTE_MS
    expect(await verdict(token)).toBe('user-456')
  })

  it('and back again with other keys, the old ones are refused', async () => {
    const old = await tokenOf(identity)
    await verify(old)
    respond = away
    now += 11 * MINUTE_MS
    await verify(old)
    const next = await createIdentity({ issuer: ISSUER })
    respond = withKeysOf(next)
    now += MINUTE_MS
    expect(await verdict(await tokenOf(next))).toBe('user-456')
    expect(await verdict(old)).toBe('UNAUTHENTICATED')
    expect(told).toEqual(['away', 'back'])
  })

  it('from the start, nobody can say, until it is there', async () => {
    respond = away
    const token = await tokenOf(identity)
    expect(await verdict(token)).toBe('STORE_UNAVAILABLE')
    respond = withKeysOf(identity)
    now += 3_000
    expect(await verdict(token)).toBe('user-456')
  })
})

describe('the organisation that a team’s own function finds', () => {
  const found = (tenant: unknown) =>
    tokenOf(identity)
      .then((token) => verify(token, () => tenant as never))
      .then(
        (session) => ('tenant' in session ? session.tenant : session.kind),
        (error: { code?: string; message: string }) => error.code ?? error.message,
      )

  it('is the session’s', async () => {
    expect([await found('org-7'), await found(Promise.resolve('org-8'))]).toEqual(['org-7', 'org-8'])
  })

  it.each([null, undefined])('may be none (%j), which is said', async (tenant) => {
    await expect(verify(await tokenOf(identity), () => tenant)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('belongs to no organisation'),
    })
  })

  it.each([7, '', true, {}, ['org-1'], 'x'.repeat(129), 'a\0b'])(
    'that is no text of that kind (%j) is the function’s mistake, not a sign-out',
    async (tenant) => {
      expect(await found(tenant)).toMatch(/^tenantOf\(claims, req\) must give/)
    },
  )
})

describe('a token that names no key', () => {
  it('is good with each that fits, while the provider changes its key', async () => {
    const [old, next] = [await generateKeyPair('ES256'), await generateKeyPair('ES256')]
    const jwks = await Promise.all(
      [old, next].map(async ({ publicKey }) => ({ ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig' })),
    )
    respond = (response) => response.end(JSON.stringify({ keys: jwks }))
    const signed = (by: (typeof old)['privateKey']) =>
      new SignJWT({ sub: 'user-456', app_metadata: { org_id: 'org-1' } })
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuer(ISSUER)
        .setAudience('authenticated')
        .setExpirationTime('1h')
        .sign(by)
    expect([await verdict(await signed(old.privateKey)), await verdict(await signed(next.privateKey))]).toEqual(['user-456', 'user-456'])
    expect(await verdict(await signed((await generateKeyPair('ES256')).privateKey))).toBe('UNAUTHENTICATED')
  })
})

describe('a clock that is put back', () => {
  it('keeps no new key out', async () => {
    verify = createTokenVerifier(config(), { timeoutMs: TIMEOUT_MS })
    const clock = jest.spyOn(Date, 'now')
    try {
      await verify(await tokenOf(identity))
      const next = await createIdentity({ issuer: ISSUER })
      const token = await tokenOf(next)
      respond = withKeysOf(identity, next)
      const at = Date.now()
      clock.mockImplementation(() => at - HOUR_MS)
      expect(await verdict(token)).toBe('user-456')
    } finally {
      clock.mockRestore()
    }
  })
})

describe('a key set that changes', () => {
  it('lets a key in as soon as a token names it', async () => {
    await verify(await tokenOf(identity))
    const next = await createIdentity({ issuer: ISSUER })
    respond = withKeysOf(identity, next)
    expect(await verdict(await tokenOf(next))).toBe('user-456')
    expect(await verdict(await tokenOf(identity))).toBe('user-456')
  })

  it('shuts a key out within ten minutes after it was withdrawn', async () => {
    const old = await tokenOf(identity)
    await verify(old)
    respond = withKeysOf(await createIdentity({ issuer: ISSUER }))
    now += 9 * MINUTE_MS
    expect(await verdict(old)).toBe('user-456')
    now += 2 * MINUTE_MS
    expect(await verdict(old)).toBe('UNAUTHENTICATED')
  })

  it('is not read again for each of a flood of tokens that name no key of it', async () => {
    const own = await tokenOf(identity)
    await verify(own)
    fetches = 0
    const startedAt = now
    const forged = await tokenOf(await createIdentity({ issuer: ISSUER }))
    for (let request = 0; request < 200; request += 1) {
      now += 100
      expect(await verdict(forged)).toBe('UNAUTHENTICATED')
    }
    // Five at once, then one in two seconds, however many ask.
    expect(fetches).toBeLessThanOrEqual(5 + (now - startedAt) / 2_000)
    expect(await verdict(own)).toBe('user-456')
    fetches = 0
    now += MINUTE_MS
    expect(new Set(await Promise.all(Array.from({ length: 100 }, () => verdict(forged))))).toEqual(new Set(['UNAUTHENTICATED']))
    expect(fetches).toBe(1)
  })

  it('lets a new key in although a flood of tokens that name other unknown keys goes on', async () => {
    await verify(await tokenOf(identity))
    const forged = await Promise.all(Array.from({ length: 20 }, async () => tokenOf(await createIdentity({ issuer: ISSUER }))))
    for (const token of forged) expect(await verdict(token)).toBe('UNAUTHENTICATED')
    const next = await createIdentity({ issuer: ISSUER })
    respond = withKeysOf(identity, next)
    const [startedAt, token] = [now, await tokenOf(next)]
    fetches = 0
    const verdicts = await Promise.all([...forged, token, ...forged].map(verdict))
    expect(verdicts.filter((each) => each !== 'UNAUTHENTICATED')).toEqual(['user-456'])
    // All of them waited together for one reading.
    expect([fetches, now - startedAt]).toEqual([1, 2_000])
  })

  it('is not read again for each of them while the provider is away, either', async () => {
    await verify(await tokenOf(identity))
    respond = away
    fetches = 0
    const forged = await tokenOf(await createIdentity({ issuer: ISSUER }))
    for (let request = 0; request < 200; request += 1) {
      now += 100
      expect(await verdict(forged)).toBe('STORE_UNAVAILABLE')
    }
    // In twenty seconds: one in two.
    expect(fetches).toBeLessThanOrEqual(10)
  })
})
