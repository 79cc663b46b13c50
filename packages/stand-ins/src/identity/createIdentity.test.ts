import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT, UnsecuredJWT } from 'jose'
import { FakeClock } from '../../test/harness/FakeClock.js'
import { createIdentity } from './createIdentity.js'

describe('a token', () => {
  it.each([
    ['ana', 'user-456', 'org-1', 'Ana'],
    ['ben', 'user-789', 'org-1', 'Ben'],
    ['eve', 'user-999', 'org-2', 'Eve'],
  ] as const)('says who %s is, and verifies against the JWKS document alone', async (user, sub, orgId, name) => {
    const clock = new FakeClock()
    const identity = await createIdentity({ issuer: 'http://localhost:4300/_stand-ins', clock })
    const token = await identity.issueToken({ user })
    const { payload } = await jwtVerify(token, createLocalJWKSet(identity.jwks()), {
      algorithms: ['ES256'],
      issuer: 'http://localhost:4300/_stand-ins',
      audience: 'authenticated',
      currentDate: new Date(clock.now()),
    })
    const now = clock.now() / 1_000
    expect(payload).toEqual({
      iss: 'http://localhost:4300/_stand-ins',
      aud: 'authenticated',
      sub,
      role: 'authenticated',
      app_metadata: { org_id: orgId },
      user_metadata: { name },
      iat: now,
      exp: now + 3_600,
    })
  })

  it('lives as long as told', async () => {
    const clock = new FakeClock()
    const identity = await createIdentity({ lifetimeSeconds: 60, clock })
    const [usual, short] = [await identity.issueToken({ user: 'ana' }), await identity.issueToken({ user: 'ana', lifetimeSeconds: 5 })]
    clock.advance(5_000)
    await expect(identity.verify(short)).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' })
    await expect(identity.verify(usual)).resolves.toMatchObject({ sub: 'user-456' })
    clock.advance(55_000)
    await expect(identity.verify(usual)).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' })
  })

  it('can be made odd for a test', async () => {
    const identity = await createIdentity()
    const token = await identity.issueToken({ user: 'ana', claims: { app_metadata: undefined, sub: 'user-1' } })
    expect(decodeJwt(token)).toMatchObject({ sub: 'user-1' })
    expect(decodeJwt(token)).not.toHaveProperty('app_metadata')
  })

  it('of the service role belongs to no organisation', async () => {
    const identity = await createIdentity()
    const claims = await identity.verify(await identity.issueServiceToken())
    expect(claims.role).toBe('service_role')
    expect(claims).not.toHaveProperty('app_metadata')
  })
})

describe('verifying refuses', () => {
  it('an expired token', async () => {
    const identity = await createIdentity()
    const expired = await identity.issueExpiredToken({ user: 'ana' })
    await expect(identity.verify(expired)).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' })
    const { iat = 0, exp = 0 } = decodeJwt(expired)
    expect(iat).toBeLessThan(exp)
  })

  it('a token that names the right key and was signed with another', async () => {
    const identity = await createIdentity()
    const forged = await identity.issueForgedToken({ user: 'ana' })
    expect(decodeProtectedHeader(forged)).toEqual({ alg: 'ES256', typ: 'JWT', kid: identity.jwks().keys[0]?.kid })
    await expect(identity.verify(forged)).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' })
  })

  it('an unsigned token, and one signed with the public key as a secret', async () => {
    const identity = await createIdentity()
    const claims = decodeJwt(await identity.issueToken({ user: 'ana' }))
    await expect(identity.verify(new UnsecuredJWT(claims).encode())).rejects.toThrow()
    const secret = Buffer.from(JSON.stringify(identity.jwks().keys[0]))
    const confused = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret)
    await expect(identity.verify(confused)).rejects.toMatchObject({ code: 'ERR_JOSE_ALG_NOT_ALLOWED' })
  })

  it('another issuer’s token and another audience’s', async () => {
    const identity = await createIdentity()
    for (const claims of [{ iss: 'http://elsewhere' }, { aud: 'anon' }])
      await expect(identity.verify(await identity.issueToken({ user: 'ana', claims }))).rejects.toMatchObject({
        code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
      })
  })
})

describe('the kept key', () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'identity-'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  it('lets sessions outlive a restart, readable by its owner alone', async () => {
    const keyFile = join(directory, 'deeper', 'key.json')
    const token = await (await createIdentity({ keyFile })).issueToken({ user: 'ana' })
    await expect((await createIdentity({ keyFile })).verify(token)).resolves.toMatchObject({ sub: 'user-456' })
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600)
  })

  it('never shows its private half in the JWKS document', async () => {
    const keyFile = join(directory, 'key.json')
    const { d } = await readKey(keyFile)
    const identity = await createIdentity({ keyFile })
    expect(d).toEqual(expect.any(String))
    expect(JSON.stringify(identity.jwks())).not.toContain(d)
  })

  async function readKey(keyFile: string): Promise<{ d: string }> {
    await createIdentity({ keyFile })
    return JSON.parse(await readFile(keyFile, 'utf8'))
  }

  it.each(['', 'not json', '{}', '{"kty":"RSA"}'])('says what to do when the file holds %j', async (text) => {
    const keyFile = join(directory, 'key.json')
    await writeFile(keyFile, text)
    await expect(createIdentity({ keyFile })).rejects.toThrow(
      `${keyFile} holds no ES256 signing key. Remove the file and a new key is made`,
    )
  })

  it('is another one in each process without a file', async () => {
    const [one, two] = [await createIdentity(), await createIdentity()]
    await expect(two.verify(await one.issueToken({ user: 'ana' }))).rejects.toThrow()
  })
})

it('refuses a lifetime that is none', async () => {
  await expect(createIdentity({ lifetimeSeconds: 0 })).rejects.toThrow('lifetimeSeconds must be above 0, received 0')
})
