import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { type Clock, systemClock } from '../time/Clock.js'
import { DEMO_USERS, type DemoUserName } from './demoUsers.js'
import { keepSigningKey, makeSigningKey, type SigningKey } from './signingKey.js'

export interface IdentityOptions {
  /** The `iss` of every token. @default 'http://localhost:4300/_stand-ins' */
  issuer?: string
  /** Life of a token in seconds. > 0. @default 3600 */
  lifetimeSeconds?: number
  /** Where the key pair is kept between starts. Absent: a new pair at each start. */
  keyFile?: string
  clock?: Clock
}

export interface TokenOptions {
  user: DemoUserName
  /** Life of this token in seconds; below 0 makes one that expired that long ago. @default the identity's */
  lifetimeSeconds?: number
  /** Claims over the usual ones, for tests of odd tokens. `undefined` leaves a claim out. */
  claims?: Record<string, unknown>
}

/** Sign-in as Supabase Auth does it: ES256 access tokens, verified by a JWKS document. */
export interface Identity {
  readonly issuer: string
  readonly audience: string
  readonly lifetimeSeconds: number
  /** What `/.well-known/jwks.json` answers. */
  jwks(): JSONWebKeySet
  issueToken(options: TokenOptions): Promise<string>
  /** Role `service_role`: sees every organisation, administers. */
  issueServiceToken(options?: { lifetimeSeconds?: number }): Promise<string>
  /** A token of `user` that expired `agoSeconds` (60 by default) ago. */
  issueExpiredToken(options: { user: DemoUserName; agoSeconds?: number }): Promise<string>
  /** A token that names the right key but was signed with another. */
  issueForgedToken(options: { user: DemoUserName }): Promise<string>
  /**
   * Checks signature, algorithm, issuer, audience and expiry.
   * @throws {JOSEError} with jose's `code` when one of them is wrong
   */
  verify(jwt: string): Promise<JWTPayload>
}

const AUDIENCE = 'authenticated'

/** @throws {RangeError} when `lifetimeSeconds` is not above 0 */
export async function createIdentity(options: IdentityOptions = {}): Promise<Identity> {
  const { issuer = 'http://localhost:4300/_stand-ins', lifetimeSeconds = 3_600, clock = systemClock } = options
  if (!(lifetimeSeconds > 0)) throw new RangeError(`createIdentity: lifetimeSeconds must be above 0, received ${lifetimeSeconds}`)
  const key = options.keyFile === undefined ? await makeSigningKey() : await keepSigningKey(options.keyFile)
  const jwks: JSONWebKeySet = { keys: [key.publicJwk] }
  const keySet = createLocalJWKSet(jwks)

  function sign(claims: Record<string, unknown>, life: number, by: SigningKey = key): Promise<string> {
    const nowSeconds = Math.floor(clock.now() / 1_000)
    // A token that is already over was issued before it ended, as a real one would have been.
    const issuedAt = life > 0 ? nowSeconds : nowSeconds + life - lifetimeSeconds
    const standard = { iss: issuer, aud: AUDIENCE, iat: issuedAt, exp: nowSeconds + life }
    return new SignJWT({ ...standard, ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: key.publicJwk.kid })
      .sign(by.privateKey)
  }

  return {
    issuer,
    audience: AUDIENCE,
    lifetimeSeconds,
    jwks: () => jwks,
    issueToken: ({ user, lifetimeSeconds: life = lifetimeSeconds, claims }) => sign({ ...userClaims(user), ...claims }, life),
    issueServiceToken: ({ lifetimeSeconds: life = lifetimeSeconds } = {}) => sign({ role: 'service_role' }, life),
    issueExpiredToken: ({ user, agoSeconds = 60 }) => sign(userClaims(user), -agoSeconds),
    issueForgedToken: async ({ user }) => sign(userClaims(user), lifetimeSeconds, await makeSigningKey()),
    async verify(jwt) {
      const checks = { algorithms: ['ES256'], issuer, audience: AUDIENCE, currentDate: new Date(clock.now()) }
      return (await jwtVerify(jwt, keySet, checks)).payload
    },
  }
}

function userClaims(user: DemoUserName): Record<string, unknown> {
  const { sub, name, orgId } = DEMO_USERS[user]
  return { sub, role: 'authenticated', app_metadata: { org_id: orgId }, user_metadata: { name } }
}
