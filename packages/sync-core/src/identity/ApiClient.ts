import type { Clock } from '../ports/Clock.js'
import type { Locks } from '../ports/Locks.js'
import type { Transport, TransportAnswer } from '../ports/Transport.js'
import { inTime } from '../retry/inTime.js'

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
  timeoutMs?: number
  signal?: AbortSignal | undefined
}

const TIMEOUT_MS = 20_000
const LOCK = 'sync-core:token-refresh'

/** The headers that say who is asking. */
export type Authorization = Readonly<Record<string, string>>

/** Sends requests with a fresh access token; each ends, whatever the token's source or another tab does. Tokens are asked for at each attempt and never stored. */
export class ApiClient {
  readonly #options: ApiClientOptions

  constructor(options: ApiClientOptions) {
    this.#options = options
  }

  /** Authorization for one attempt; null: nobody is signed in; undefined: the token cannot be had now. */
  async authorize(forceRefresh = false): Promise<Authorization | null | undefined> {
    const { getAccessToken, clock } = this.#options
    if (getAccessToken === undefined) return {}
    try {
      const token = await inTime(getAccessToken({ forceRefresh }), clock, TIMEOUT_MS)
      return token == null ? null : { Authorization: `Bearer ${token}` }
    } catch {
      return undefined
    }
  }

  /** One request with its authorization; a 401 is tried once more with another token than the refused one. */
  async request(request: ApiRequest, authorization?: Authorization): Promise<TransportAnswer> {
    const first = authorization ?? (await this.authorize())
    // Without a token the answer would be that nobody is signed in, which is not so.
    if (first === undefined) return { kind: 'failure', reason: 'network' }
    const answer = await this.#send(request, first ?? {})
    if (answer.kind !== 'answer' || answer.status !== 401) return answer
    const renewed = await this.#renew(first ?? {})
    return renewed === null ? answer : this.#send(request, renewed)
  }

  #send(request: ApiRequest, authorization: Authorization): Promise<TransportAnswer> {
    const { method, path, body, signal, timeoutMs = TIMEOUT_MS } = request
    return this.#options.transport.send({
      method,
      path,
      headers: { Accept: 'application/json', ...request.headers, ...authorization },
      timeoutMs,
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    })
  }

  /** One tab at a time: the others then find the new token without asking for one more. Null: there is no other. */
  async #renew(refused: Authorization): Promise<Authorization | null> {
    const { locks, clock, getAccessToken } = this.#options
    if (getAccessToken === undefined) return null
    const renew = async (): Promise<Authorization | null> => {
      for (const forceRefresh of [false, true]) {
        const authorization = await this.authorize(forceRefresh)
        if (authorization != null && authorization.Authorization !== refused.Authorization) return authorization
      }
      return null
    }
    // A tab that hangs while it renews keeps the lock.
    return inTime(locks.available ? locks.request(LOCK, {}, renew) : renew(), clock, TIMEOUT_MS).catch(() => null)
  }
}
