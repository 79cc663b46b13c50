import { PATHS, sessionSchema } from '@org/contracts/client'
import type { Clock } from '../ports/Clock.js'
import type { TransportAnswer } from '../ports/Transport.js'
import { inTime } from '../retry/inTime.js'
import { describeError } from '../telemetry/report.js'
import { type ApiClient, type Authorization, isUnauthenticated } from './ApiClient.js'
import type { Answer } from './IdentityEvent.js'
import type { User } from './scopeName.js'

/**
 * Who is signed in, for teams that know it by other means than GET /api/session; null: nobody. Throw when it is not
 * known now: nobody is signed out by that, and it is asked again.
 */
export type GetIdentity = () => User | null | Promise<User | null>

export interface AskOptions {
  api: ApiClient
  clock: Clock
  getIdentity: GetIdentity | undefined
}

const HOST_TIMEOUT_MS = 20_000
const NOBODY = { kind: 'nobody', isFinal: false } as const

/**
 * Asks once who is signed in: the token first, then whoever knows its user. Never rejects.
 * @param isLast there has been no token for a while: ask without one
 */
export async function askWho(options: AskOptions, isLast: boolean): Promise<Answer> {
  const { api, clock, getIdentity } = options
  const authorized = await api.authorize()
  if (authorized.kind === 'unavailable') return { kind: 'token-unavailable', detail: authorized.detail }
  if (authorized.kind === 'none' && !isLast) return { kind: 'no-token' }
  const headers = authorized.kind === 'given' ? authorized.headers : {}
  const answer = getIdentity === undefined ? await askServer(api, headers) : await askHost(getIdentity, clock)
  if (authorized.kind === 'given') return answer
  // Somebody who is named without a token could send nothing.
  if (answer.kind === 'named') return { kind: 'no-token' }
  return answer.kind === 'nobody' ? { ...answer, isFinal: true } : answer
}

async function askHost(getIdentity: GetIdentity, clock: Clock): Promise<Answer> {
  try {
    const user = await inTime(Promise.resolve(getIdentity()), clock, HOST_TIMEOUT_MS)
    if (user === null) return NOBODY
    const parsed = sessionSchema.safeParse(user)
    if (parsed.success) return { kind: 'named', user: { actor: parsed.data.actor, tenant: parsed.data.tenant } }
    return { kind: 'misconfigured', detail: 'getIdentity returned something other than { actor, tenant } or null.' }
  } catch (error) {
    return { kind: 'unreachable', detail: `getIdentity failed. ${describeError(error)}` }
  }
}

async function askServer(api: ApiClient, headers: Authorization): Promise<Answer> {
  const session = { method: 'GET', path: PATHS.session } as const
  const answer = await api.send(session, headers)
  if (!isUnauthenticated(answer) || headers.Authorization === undefined) return readSession(answer)
  const renewed = await api.renew(headers)
  switch (renewed.kind) {
    case 'given': {
      const second = readSession(await api.send(session, renewed.headers))
      return second.kind === 'nobody' ? { ...second, isFinal: true } : second
    }
    case 'same': {
      const first = readSession(answer)
      return first.kind === 'nobody' ? { ...first, isFinal: true } : first
    }
    case 'none':
      return { kind: 'no-token' }
    case 'unavailable':
      // Refused, and no other token can be had now: whether anyone is signed in is not known.
      return { kind: 'token-unavailable', detail: renewed.detail }
    default:
      return renewed satisfies never
  }
}

const BUSY = new Set([408, 425, 429])

/** Reads an answer of GET /api/session. Pure. */
export function readSession(answer: TransportAnswer): Answer {
  const asked = `GET ${PATHS.session}`
  if (answer.kind === 'failure') return { kind: 'unreachable', detail: `${asked} got no answer (${answer.reason}).` }
  const { status, json } = answer
  if (status >= 500 || BUSY.has(status)) return { kind: 'unreachable', detail: `${asked} answered ${status}.` }
  if (status === 401 && json !== undefined) return NOBODY
  const parsed = sessionSchema.safeParse(status === 200 ? json : undefined)
  if (parsed.success) return { kind: 'named', user: { actor: parsed.data.actor, tenant: parsed.data.tenant } }
  return { kind: 'misconfigured', detail: `${asked} answered ${status} without an identity${json === undefined ? ', and no JSON' : ''}.` }
}
