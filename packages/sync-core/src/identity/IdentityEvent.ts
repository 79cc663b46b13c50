import type { IdentityState } from './IdentityState.js'
import type { User } from './scopeName.js'

/** What a question about who is signed in came to. */
export type Answer =
  | { kind: 'named'; user: User }
  /** `isFinal`: a token was given, and its renewal is refused too, or there has been none for ten seconds. */
  | { kind: 'nobody'; isFinal: boolean }
  | { kind: 'no-token' }
  | { kind: 'token-unavailable'; detail: string }
  | { kind: 'unreachable'; detail: string }
  | { kind: 'misconfigured'; detail: string }

/** What an attempt to send a mutation says about who is signed in. */
export type AttemptNews = 'no-token' | 'token-unavailable' | 'unauthenticated' | 'actor-mismatch' | 'accepted'

export type IdentityEvent =
  /** The page begins; the user it remembers for this tab, or for the origin. */
  | { type: 'started'; user: User | null }
  | { type: 'answered'; stamp: number; answer: Answer }
  /** The time of a planned question has come. */
  | { type: 'due'; stamp: number }
  | { type: 'attempted'; stamp: number; news: AttemptNews; asksHost: boolean }
  /** Asking may help: online again, visible again, a person wants to try. */
  | { type: 'hinted' }
  /** Visible after half a minute or more. */
  | { type: 'seen-again' }
  /** Back from the back-forward cache, or from freezing. */
  | { type: 'restored'; isOnline: boolean }
  /** The host says that somebody signed in, out, or as someone else. */
  | { type: 'refreshed' }
  /** `signOut()` here. @param user who was here when it began; null: whoever is here */
  | { type: 'signed-out'; user: User | null }
  | { type: 'signed-out-elsewhere'; scope: string }
  /** Another tab learned something: ask, too. It never says whom to adopt. */
  | { type: 'asked-elsewhere' }
  /** After a sign-out the token was gone, and now there is one. */
  | { type: 'token-returned' }

/** What the loop does after a transition. */
export type IdentityEffect =
  /** `isLast`: when there is still no token, ask without one. */
  | { type: 'ask'; isLast: boolean }
  | { type: 'wait'; ms: number }
  | { type: 'remember'; user: User }
  | { type: 'forget'; user: User }
  | { type: 'tell-ask' }
  | { type: 'tell-signed-out'; user: User }

export interface Transition {
  state: IdentityState
  effects: readonly IdentityEffect[]
}

/** True when this answer or timer belongs to the present. */
export function isCurrent(event: { stamp: number }, state: { stamp: number }): boolean {
  return event.stamp === state.stamp
}
