import type { TransportAnswer } from '../ports/Transport.js'
import type { ApiRequest } from './ApiClient.js'
import type { AttemptNews } from './IdentityEvent.js'
import { type IdentityReason, type IdentityState, mayStateSend } from './IdentityState.js'
import type { User } from './scopeName.js'
import type { Permit, UserApi } from './UserApi.js'
import type { WhoIsHere } from './WhoIsHere.js'

/** What one user may do with the API, as long as it is this user's visit. */
export class UserSession implements UserApi {
  readonly #user: User
  readonly #whoIsHere: WhoIsHere

  constructor(user: User, whoIsHere: WhoIsHere) {
    this.#user = user
    this.#whoIsHere = whoIsHere
  }

  maySend(): 'yes' | 'no' | 'probe' {
    const visit = this.#visit
    return visit ? mayStateSend(visit) : 'no'
  }

  reason(): IdentityReason | null {
    return this.#visit?.reason ?? null
  }

  async authorize(): Promise<Permit | undefined> {
    const { stamp } = this.#whoIsHere.state
    if (this.maySend() === 'no') return undefined
    const authorized = await this.#whoIsHere.api.authorize()
    // The token may be that of whoever came meanwhile.
    if (this.#whoIsHere.state.stamp !== stamp) return undefined
    if (authorized.kind === 'given') return { headers: authorized.headers, stamp }
    this.#whoIsHere.attempted(stamp, authorized.reason)
    return undefined
  }

  async request(request: ApiRequest, permit?: Permit): Promise<TransportAnswer> {
    const leave = permit ?? (await this.authorize())
    if (leave === undefined) return { kind: 'failure', reason: 'network' }
    const isStillTheSame = () => this.#whoIsHere.state.stamp === leave.stamp
    return (await this.#whoIsHere.api.exchange(request, leave.headers, isStillTheSame)).answer
  }

  /** While it is this user's. */
  get #visit(): IdentityState | undefined {
    const { state } = this.#whoIsHere
    return state.user === this.#user ? state : undefined
  }

  tell({ stamp }: Permit, news: AttemptNews): void {
    this.#whoIsHere.attempted(stamp, news)
  }
}
