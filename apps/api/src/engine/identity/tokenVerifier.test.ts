import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createIdentity, type Identity } from '@org/stand-ins'
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
  verify = createTokenVerifier(
    {
      jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
      issuer: ISSUER,
      audience: 'authenticated',
      hs256Secret: null,
      tenantClaim: 'app_metadata.org_id',
      sessionCookieName: 'session',
    },
    { now: () => now, timeoutMs: 500, onAway: () => told.push('away'), onBack: () => told.push('back') },
  )
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
    const forged = await tokenOf(await createIdentity({ issuer: ISSUER }))
    for (let request = 0; request < 200; request += 1) {
      now += 100
      expect(await verdict(forged)).toBe('UNAUTHENTICATED')
    }
    // In twenty seconds: five at once, then one in ten.
    expect(fetches).toBeLessThanOrEqual(7)
    expect(await verdict(own)).toBe('user-456')
    fetches = 0
    now += MINUTE_MS
    expect(new Set(await Promise.all(Array.from({ length: 100 }, () => verdict(forged))))).toEqual(new Set(['UNAUTHENTICATED']))
    expect(fetches).toBe(1)
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
    expect(fetches).toBeLessThanOrEqual(7)
  })
})
