import type { Locks } from '../ports/Locks.js'
import type { Transport, TransportAnswer } from '../ports/Transport.js'

/**
 * The access token of whoever is signed in; null when nobody is. `forceRefresh`: the last one was refused.
 * Without such a function the browser's cookie speaks for the user.
 */
export type GetAccessToken = (options: { forceRefresh: boolean }) => string | null | undefined | Promise<string | null | undefined>

export interface ApiClientOptions {
  transport: Transport
  locks: Locks
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

/** Sends requests with a fresh access token. Tokens are asked for at each attempt and never stored. */
export class ApiClient {
  readonly #options: ApiClientOptions
  #lastToken: string | null = null

  constructor(options: ApiClientOptions) {
    this.#options = options
  }

  /** Authorization headers for one attempt; null: nobody is signed in. */
  async authorize(forceRefresh = false): Promise<Record<string, string> | null> {
    const { getAccessToken } = this.#options
    if (getAccessToken === undefined) return {}
    try {
      this.#lastToken = (await getAccessToken({ forceRefresh })) ?? null
    } catch {
      // A token that cannot be had now is the same as none: the queue pauses and asks again.
      this.#lastToken = null
    }
    return this.#lastToken === null ? null : { Authorization: `Bearer ${this.#lastToken}` }
  }

  send(request: ApiRequest, authorization: Readonly<Record<string, string>>): Promise<TransportAnswer> {
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

  /** One request with its authorization; a 401 is tried once more with a refreshed token. */
  async request(request: ApiRequest): Promise<TransportAnswer> {
    const answer = await this.send(request, (await this.authorize()) ?? {})
    if (answer.kind !== 'answer' || answer.status !== 401 || !(await this.refresh())) return answer
    return this.send(request, (await this.authorize()) ?? {})
  }

  /**
   * Gets another token than the refused one; true when there is one. One tab at a time: the others then find
   * the new token without asking for it again.
   */
  async refresh(): Promise<boolean> {
    if (this.#options.getAccessToken === undefined) return false
    const refused = this.#lastToken
    const renew = async (): Promise<boolean> => {
      await this.authorize()
      if (this.#lastToken !== null && this.#lastToken !== refused) return true
      await this.authorize(true)
      return this.#lastToken !== null && this.#lastToken !== refused
    }
    if (!this.#options.locks.available) return renew()
    return this.#options.locks.request(LOCK, {}, renew)
  }
}
