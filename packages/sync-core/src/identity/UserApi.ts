import type { TransportAnswer } from '../ports/Transport.js'
import type { ApiRequest, Authorization } from './ApiClient.js'
import type { AttemptNews } from './IdentityEvent.js'
import type { IdentityReason } from './IdentityState.js'

/** One attempt's right to be sent, and the moment it was given at. */
export interface Permit {
  headers: Authorization
  stamp: number
}

/** The API as one user may use it: nothing is sent while it is not known that this user is signed in. */
export interface UserApi {
  /** `probe`: one request at a time, which finds out whether it is still this user. */
  maySend(): 'yes' | 'no' | 'probe'
  /** Why not, when it is known. */
  reason(): IdentityReason | null
  /** Leave to send one attempt now; undefined: none. */
  authorize(): Promise<Permit | undefined>
  /** Sends, with leave given before or asked for now. Without leave nothing is sent and it ends as if there were no network. */
  request(request: ApiRequest, permit?: Permit): Promise<TransportAnswer>
  /** What the answer to an attempt with this leave says about who is signed in. */
  tell(permit: Permit, news: AttemptNews): void
}
