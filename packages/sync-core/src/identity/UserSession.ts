import type { TransportAnswer } from '../ports/Transport.js'
import type { ApiRequest } from './ApiClient.js'
import type { AttemptNews } from './IdentityEvent.js'
import { type IdentityReason, isPresent, mayStateSend } from './IdentityState.js'
import { isSameUser, type User } from './scopeName.js'
import type { Permit, UserApi } from './UserApi.js'
import type { WhoIsHere } from './WhoIsHere.js'

export interface UserSessionOptions {
  user: User
  whoIsHere: WhoIsHere
  subscribe: (listener: () => void) => () => void
}

/** What one user may do with the API, as long as it is this user who is here. */
export class UserSession implements UserApi {
  readonly #options: UserSessionOptions
  readonly subscribe: UserApi['subscribe']

  constructor(options: UserSessionOptions) {
    this.#options = options
    this.subscribe = options.subscribe
  }

  maySend(): 'yes' | 'no' | 'probe' {
    return this.#isHere() ? mayStateSend(this.#options.whoIsHere.state) : 'no'
  }

  reason(): IdentityReason | null {
    return this.#isHere() ? this.#options.whoIsHere.state.reason : null
  }

  async authorize(): Promise<Permit | undefined> {
    const { whoIsHere } = this.#options
    const { stamp } = whoIsHere.state
    if (this.maySend() === 'no') return undefined
    const authorized = await whoIsHere.api.authorize()
    // The token may be that of whoever came meanwhile.
    if (whoIsHere.state.stamp !== stamp) return undefined
    if (authorized.kind === 'given') return { headers: authorized.headers, stamp }
    whoIsHere.attempted(stamp, authorized.kind === 'none' ? 'no-token' : 'token-unavailable')
    return undefined
  }

  async request(request: ApiRequest, permit?: Permit): Promise<TransportAnswer> {
    const leave = permit ?? (await this.authorize())
    if (leave === undefined) return { kind: 'failure', reason: 'network' }
    const isStillTheSame = () => this.#options.whoIsHere.state.stamp === leave.stamp
    return this.#options.whoIsHere.api.request(request, leave.headers, isStillTheSame)
  }

  tell({ stamp }: Permit, news: AttemptNews): void {
    this.#options.whoIsHere.attempted(stamp, news)
  }

  #isHere(): boolean {
    const { state } = this.#options.whoIsHere
    return isPresent(state) && isSameUser(state.user, this.#options.user)
  }
}
