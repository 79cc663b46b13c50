import type { Answer, AttemptNews, IdentityEvent, Transition } from './IdentityEvent.js'
import { type IdentityReason, type IdentityState, mayStateSend, type Present, present, signedOut } from './IdentityState.js'
import { isSameUser, scopeName, type User } from './scopeName.js'

/** A signed-out page asks on, so that signing in elsewhere is seen. */
const SIGNED_OUT_WAIT_MS = 30_000
/** Ten minutes of it. */
const SIGNED_OUT_TRIES = 20
/** A cookie session that is refused so often has ended. */
const COOKIE_TRIES = 3
/** Questions at 0, 1, 3 and 6 seconds found no token; the one at ten seconds is the last. */
const TOKENLESS_TRIES = 4
/** So long a user whom the session names again waits for something to be tried with. */
const PROBE_MS = 30_000
/** A page is useless while nobody answers: half a minute of them. */
const QUICK_TRIES = 15

/** The table of who is signed in: what follows an event. Pure; the same state object when nothing changed. */
export function transition(state: IdentityState, event: IdentityEvent): Transition {
  if (isOver(state) && event.type !== 'refreshed') return { state }
  if ('stamp' in event && event.stamp !== state.stamp) return { state }
  switch (event.type) {
    case 'started':
      return { state: event.user === null ? changed(state) : present('remembered', event.user, state), askIn: 0 }
    case 'answered':
      return afterAnswer(state, event.answer)
    case 'due':
      return { state, askIn: 0 }
    case 'attempted':
      return state.user === null ? { state } : afterAttempt(state, event)
    case 'hinted':
      return mayStateSend(state) === 'yes' ? { state } : { state, askIn: 0 }
    case 'returned':
      return { state: state.user === null ? state : remembered(changed(state, { isHidden: state.isHidden || event.hides })), askIn: 0 }
    case 'refreshed':
      if (state.is === 'signed-out') return { state: signedOut(false, state.reason, state), askIn: 0 }
      return { state: remembered(changed(state, { tries: 0 })), askIn: 0 }
    case 'asked-elsewhere':
      return { state: changed(state, { tries: 0, mayProbe: false }), askIn: 0 }
    case 'signed-out':
      return {
        state: event.user === null || state.user === null || isSameUser(event.user, state.user) ? signedOut(true, null, state) : state,
      }
    case 'signed-out-elsewhere':
      return { state: state.user !== null && scopeName(state.user) === event.user ? signedOut(true, null, state) : state }
    default:
      return event satisfies never
  }
}

function afterAnswer(state: IdentityState, answer: Answer): Transition {
  if (answer.kind === 'named') return named(state, answer.user)
  if (state.is === 'signed-out') {
    const next = changed(state, { tries: state.tries + 1 })
    if (next.tries >= SIGNED_OUT_TRIES) return { state: next }
    // Whoever has just signed in waits for a server that does not answer yet.
    const isAnswered = answer.kind === 'nobody' || answer.reason === 'token-refused'
    return { state: next, askIn: isAnswered ? SIGNED_OUT_WAIT_MS : waitMs('api-unreachable', next.tries) }
  }
  if (answer.kind === 'unsure') return unsure(state, answer.reason)
  if (!answer.isFinal && triesOf(state, 'token-refused') < COOKIE_TRIES) return unsure(state, 'token-refused')
  return { state: signedOut(false, answer.isFinal ? 'token-refused' : null, state), askIn: SIGNED_OUT_WAIT_MS }
}

function named(state: IdentityState, user: User): Transition {
  if (state.user === null || !isSameUser(state.user, user)) return { state: present('confirmed', user, state) }
  // A session that goes on naming the user for a while has withdrawn a 401, if there was nothing to try it with.
  const { doubt, mayProbe } = state
  if (doubt === null || (doubt === 'token-refused' && mayProbe)) return { state: present('confirmed', state.user, state) }
  const next = changed(state, { tries: 0, reason: doubt, mayProbe: true, isHidden: false })
  return doubt === 'token-refused' ? { state: next, askIn: PROBE_MS } : { state: next }
}

function afterAttempt(state: Present, { news, asksHost }: { news: AttemptNews; asksHost: boolean }): Transition {
  switch (news) {
    case 'token-refused':
    case 'token-unavailable':
      return unsure(state, news)
    case 'unauthenticated':
      return doubted(changed(state, { doubt: 'token-refused' }), false)
    case 'actor-mismatch':
      return doubted(remembered(changed(state, { doubt: 'actor-differs' })), asksHost)
    case 'accepted':
      return { state: state.doubt === null ? state : present('confirmed', state.user, state) }
    default:
      return news satisfies never
  }
}

// The host goes on naming the user it knows, so that asking it at once would only send the same request again.
function doubted(state: Present, isPatient: boolean): Transition {
  const doubts = state.doubts + 1
  const askIn = doubts === 1 && !isPatient ? 0 : backoffMs(doubts, 1_000, 30_000)
  return { state: { ...state, doubts, reason: state.doubt, mayProbe: false, tries: 0 }, askIn }
}

/** The same state for a reason, and asked again. */
function unsure(state: IdentityState, reason: IdentityReason): Transition {
  const tries = triesOf(state, reason)
  // Where it is known now that there is no network to the server, nothing newer can be shown than what was there.
  const isHidden = state.isHidden && reason !== 'api-unreachable' && reason !== 'api-misconfigured'
  return { state: changed(state, { reason, tries, isHidden, mayProbe: false }), askIn: waitMs(reason, tries) }
}

/** After the n-th question in a row that ended so. The token is asked for every few seconds, as a person waits for it. */
function waitMs(reason: IdentityReason, tries: number): number {
  if (reason === 'token-unavailable') return backoffMs(tries, 1_000, 5_000)
  if (reason === 'token-refused') return tries > TOKENLESS_TRIES ? 10_000 : tries * 1_000
  return tries <= QUICK_TRIES ? backoffMs(tries, 500, 2_000) : backoffMs(tries - QUICK_TRIES + 1, 2_000, 30_000)
}

/** Without a token so long, whoever knows the user is asked without one. */
export function isLastQuestion({ is, tries }: IdentityState): boolean {
  return is !== 'signed-out' && tries >= TOKENLESS_TRIES
}

function backoffMs(tries: number, firstMs: number, longestMs: number): number {
  return Math.min(firstMs * 2 ** (tries - 1), longestMs)
}

function triesOf(state: IdentityState, reason: IdentityReason): number {
  return state.reason === reason ? state.tries + 1 : 1
}

function isOver(state: IdentityState): boolean {
  return state.is === 'signed-out' && state.isByUs
}

function remembered<State extends IdentityState>(state: State): State {
  return state.user === null ? state : { ...state, is: 'remembered', mayProbe: false }
}

function changed<State extends IdentityState>(state: State, changes: Partial<Omit<Present, 'is' | 'user'>> = {}): State {
  return { ...state, ...changes, stamp: state.stamp + 1 }
}
