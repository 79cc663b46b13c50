import type { Clock } from '../ports/Clock.js'
import type { Locks } from '../ports/Locks.js'
import type { Transport, TransportAnswer } from '../ports/Transport.js'
import { inTime } from '../retry/inTime.js'
import { describeError } from '../telemetry/report.js'

/**
 * The access token of whoever is signed in; null when nobody is. `forceRefresh`: the last one was refused. A throw,
 * or no answer within 20 s, says that it is not known now: nobody is signed out by it, and it is asked again.
 * Without such a function the browser's cookie speaks for the user.
 */
export type GetAccessToken = (options: { forceRefresh: boolean }) => string | null | undefined | Promise<string | null | undefined>

export interface ApiClientOptions {
  transport: Transport
  locks: Locks
  clock: Clock
  getAccessToken?: GetAccessToken | undefined
}

export interface ApiRequest {
  method: 'GET' | 'POST'
  path: string
  headers?: Readonly<Record<string, string>>
  body?: string
  signal?: AbortSignal | undefined
}

/** The headers that say who is asking. */
export type Authorization = Readonly<Record<string, string>>

/** Whether there is something to say who is asking; if not, the token function says that nobody is signed in, or it failed. */
export type Authorized =
  | { kind: 'given'; headers: Authorization }
  | { kind: 'unsure'; reason: 'token-refused' }
  | { kind: 'unsure'; reason: 'token-unavailable'; detail: string }

/** What asking for another token than the refused one came to. */
export type Renewed = Authorized | { kind: 'same' }

const TIMEOUT_MS = 20_000
const LOCK = 'sync-core:token-refresh'
/** The browser refuses to send anything else, which looks like a broken network. */
const HEADER_TEXT = /^[\x20-\x7e]+$/
const NO_TOKEN = 'It gave no text that a header can hold.'
/** The browser's cookie speaks for the user. */
const COOKIE = { kind: 'given', headers: {} } as const

/** Sends requests with a fresh access token; each ends, whatever the token's source or another tab does. Tokens are asked for at each attempt and never stored. */
export class ApiClient {
  readonly #options: ApiClientOptions
  #noteReached = () => {}
  /**
   * Resolves when the server has answered first: as an API does. The page that a captive portal puts in between is no
   * such answer, and while that is all there is, code cannot be loaded either.
   */
  readonly reached = new Promise<void>((resolve) => {
    this.#noteReached = resolve
  })

  constructor(options: ApiClientOptions) {
    this.#options = options
  }

  /** Authorization for one attempt. Never rejects. */
  async authorize(forceRefresh = false): Promise<Authorized> {
    const { getAccessToken, clock } = this.#options
    if (getAccessToken === undefined) return COOKIE
    try {
      const token: unknown = await inTime(getAccessToken({ forceRefresh }), clock, TIMEOUT_MS)
      if (token == null || token === '') return { kind: 'unsure', reason: 'token-refused' }
      if (typeof token !== 'string' || !HEADER_TEXT.test(token)) throw new TypeError(NO_TOKEN)
      return { kind: 'given', headers: { Authorization: `Bearer ${token}` } }
    } catch (error) {
      return unavailable(error)
    }
  }

  /** One request for whoever is signed in. */
  async request(request: ApiRequest): Promise<TransportAnswer> {
    const authorized = await this.authorize()
    // Without a token the answer would be that nobody is signed in, which is not so.
    if (authorized.kind === 'unsure' && authorized.reason === 'token-unavailable') return { kind: 'failure', reason: 'network' }
    return (await this.exchange(request, authorized.kind === 'given' ? authorized.headers : {})).answer
  }

  /**
   * One request with its authorization; a 401 is tried once more with another token than the refused one.
   * @param mayRepeat asked when there is another: it may be that of somebody who signed in meanwhile
   * @returns `renewed`: what asking for another token came to, if one was refused
   */
  async exchange(
    request: ApiRequest,
    authorization: Authorization,
    mayRepeat = () => true,
  ): Promise<{ answer: TransportAnswer; renewed?: Renewed }> {
    const answer = await this.#send(request, authorization)
    if (answer.kind !== 'answer' || answer.status !== 401 || authorization.Authorization === undefined) return { answer }
    const renewed = await this.#renew(authorization)
    return renewed.kind === 'given' && mayRepeat() ? { answer: await this.#send(request, renewed.headers), renewed } : { answer, renewed }
  }

  async #send(request: ApiRequest, authorization: Authorization): Promise<TransportAnswer> {
    const headers = { Accept: 'application/json', ...request.headers, ...authorization }
    const answer = await this.#options.transport.send({ ...request, headers, timeoutMs: TIMEOUT_MS })
    if (answer.kind === 'answer' && (answer.json !== undefined || answer.status === 404)) this.#noteReached()
    return answer
  }

  /** Another token than the refused one. One tab at a time: the others then find the new token without asking for one more. */
  async #renew(refused: Authorization): Promise<Renewed> {
    const { locks, clock } = this.#options
    const renew = async (): Promise<Renewed> => {
      const present = await this.authorize(false)
      if (isAnother(present, refused)) return present
      const forced = await this.authorize(true)
      return forced.kind === 'given' && !isAnother(forced, refused) ? { kind: 'same' } : forced
    }
    // The lock only saves work: it may be refused, and a tab that hangs while it renews keeps it.
    const renewed = locks.available ? locks.request(LOCK, {}, renew).catch(renew) : renew()
    return inTime(renewed, clock, TIMEOUT_MS).catch(unavailable)
  }
}

function unavailable(error: unknown): Authorized {
  return { kind: 'unsure', reason: 'token-unavailable', detail: describeError(error) }
}

function isAnother(authorized: Authorized, refused: Authorization): boolean {
  return authorized.kind === 'given' && authorized.headers.Authorization !== refused.Authorization
}
