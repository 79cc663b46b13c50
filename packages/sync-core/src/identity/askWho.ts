import { PATHS, sessionSchema } from '@org/contracts/client'
import type { Clock } from '../ports/Clock.js'
import type { TransportAnswer } from '../ports/Transport.js'
import { inTime } from '../retry/inTime.js'
import { describeError } from '../telemetry/report.js'
import type { ApiClient, Authorization } from './ApiClient.js'
import type { Answer } from './IdentityEvent.js'
import type { IdentityReason } from './IdentityState.js'
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
const NOBODY: Answer = { kind: 'nobody', isFinal: false }
const NOBODY_FOR_GOOD: Answer = { kind: 'nobody', isFinal: true }

/**
 * Asks once who is signed in: the token first, then whoever knows its user. Never rejects.
 * @param isLast there has been no token for a while: ask without one
 */
export async function askWho(options: AskOptions, isLast: boolean): Promise<Answer> {
  const { api, clock, getIdentity } = options
  const authorized = await api.authorize()
  if (authorized.kind === 'unsure' && !(isLast && authorized.reason === 'token-refused')) return authorized
  const headers = authorized.kind === 'given' ? authorized.headers : {}
  const answer = getIdentity === undefined ? await askServer(api, headers) : await askHost(getIdentity, clock)
  if (authorized.kind === 'given') return answer
  // Somebody who is named without a token could send nothing.
  if (answer.kind === 'named') return authorized
  return answer === NOBODY ? NOBODY_FOR_GOOD : answer
}

async function askHost(getIdentity: GetIdentity, clock: Clock): Promise<Answer> {
  try {
    const user = await inTime(getIdentity(), clock, HOST_TIMEOUT_MS)
    return user === null ? NOBODY : named(user, 'getIdentity: neither { actor, tenant } nor null')
  } catch (error) {
    return unsure('api-unreachable', `getIdentity: ${describeError(error)}`)
  }
}

async function askServer(api: ApiClient, headers: Authorization): Promise<Answer> {
  const { answer, renewed } = await api.exchange({ method: 'GET', path: PATHS.session }, headers)
  // Refused, and no other token can be had now: whether anyone is signed in is not known.
  if (renewed?.kind === 'unsure') return renewed
  const read = readSession(answer)
  return read === NOBODY && renewed !== undefined ? NOBODY_FOR_GOOD : read
}

const BUSY = new Set([408, 425, 429])
const ASKED = `GET ${PATHS.session}: `

/** Reads an answer of GET /api/session. Pure. */
export function readSession(answer: TransportAnswer): Answer {
  if (answer.kind === 'failure') return unsure('api-unreachable', `${ASKED}${answer.reason}`)
  const { status, json } = answer
  const seen = `${ASKED}${status}${json === undefined ? ', no JSON' : ''}`
  if (status >= 500 || BUSY.has(status)) return unsure('api-unreachable', seen)
  if (status === 401 && json !== undefined) return NOBODY
  return named(status === 200 ? json : undefined, seen)
}

/** @param seen instead of a user */
function named(value: unknown, seen: string): Answer {
  const parsed = sessionSchema.safeParse(value)
  if (!parsed.success) return unsure('api-misconfigured', seen)
  return { kind: 'named', user: { actor: parsed.data.actor, tenant: parsed.data.tenant } }
}

function unsure(reason: IdentityReason, detail: string): Answer {
  return { kind: 'unsure', reason, detail }
}
