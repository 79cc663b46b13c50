import type { IdentityReason, IdentityState } from './IdentityState.js'
import type { User } from './scopeName.js'

/** What a question about who is signed in came to. */
export type Answer =
  | { kind: 'named'; user: User }
  /** `isFinal`: a token was given, and its renewal is refused too, or there has been none for ten seconds. */
  | { kind: 'nobody'; isFinal: boolean }
  /** It is not known now. `detail`: what was seen instead, for a developer. */
  | { kind: 'unsure'; reason: IdentityReason; detail?: string }

/** What an attempt to send a mutation says about who is signed in; a reason: there was nothing to send it with. */
export type AttemptNews = 'token-refused' | 'token-unavailable' | 'unauthenticated' | 'actor-mismatch' | 'accepted'

export type IdentityEvent =
  /** The page begins; the user it remembers for this tab, or for the origin. */
  | { type: 'started'; user: User | null }
  | { type: 'answered'; stamp: number; answer: Answer }
  /** The time of a planned question has come. */
  | { type: 'due'; stamp: number }
  | { type: 'attempted'; stamp: number; news: AttemptNews; asksHost: boolean }
  /** Asking may help: online again, visible again, a person wants to try. */
  | { type: 'hinted' }
  /** The page was away so long that somebody else may be here. `hides`: nothing is shown until it is known. */
  | { type: 'returned'; hides: boolean }
  /** The host says that somebody signed in, out, or as someone else; or after a sign-out the token was gone, and now there is one. */
  | { type: 'refreshed' }
  /** `signOut()` here. @param user who was here when it began; null: whoever is here */
  | { type: 'signed-out'; user: User | null }
  /** @param user hash(tenant, user) of who did it */
  | { type: 'signed-out-elsewhere'; user: string }
  /** Another tab learned something: ask, too. It never says whom to adopt. */
  | { type: 'asked-elsewhere' }

export interface Transition {
  state: IdentityState
  /** Milliseconds until it is asked who is here; 0: at once. Undefined: nothing new is planned. */
  askIn?: number
}

/** One step of the table, as it is told. */
export interface IdentityChange {
  before: IdentityState
  after: IdentityState
  event: IdentityEvent
}
