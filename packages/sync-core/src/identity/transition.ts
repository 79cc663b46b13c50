import { afterAnswer } from './afterAnswer.js'
import { type IdentityEffect, type IdentityEvent, isCurrent, type Transition } from './IdentityEvent.js'
import { type IdentityReason, type IdentityState, isPresent, isSettled, type Present, present, userOf } from './IdentityState.js'
import { isSameUser, scopeName, type User } from './scopeName.js'
import { doubtWaitMs, TOKENLESS_TRIES, tokenlessWaitMs, tokenWaitMs } from './waits.js'

type Attempted = Extract<IdentityEvent, { type: 'attempted' }>

/** Before anything is known. */
export const AT_START: IdentityState = { is: 'loading', reason: null, stamp: 0, tries: 0 }

/** The table of who is signed in: what follows an event. Pure; the same state object when nothing changed. */
export function transition(state: IdentityState, event: IdentityEvent): Transition {
  const ask: IdentityEffect = { type: 'ask', isLast: state.is !== 'signed-out' && state.tries >= TOKENLESS_TRIES }
  const isOver = state.is === 'signed-out' && state.isByUs
  switch (event.type) {
    case 'started':
      return { state: event.user === null ? grown(state) : present('remembered', event.user, state), effects: [ask] }
    case 'answered':
      return isOver || !isCurrent(event, state) ? stays(state) : afterAnswer(state, event.answer)
    case 'due':
      return isOver || !isCurrent(event, state) ? stays(state) : { state, effects: [ask] }
    case 'attempted':
      return isPresent(state) && isCurrent(event, state) ? afterAttempt(state, event) : stays(state)
    case 'hinted':
      return isOver || isSettled(state) ? stays(state) : { state, effects: [ask] }
    case 'seen-again':
      if (isPresent(state)) return { state: { ...grown(state), is: 'remembered', mayProbe: false }, effects: [ask] }
      return isOver ? stays(state) : { state, effects: [ask] }
    case 'restored':
      // Without a network nobody can be asked, and nobody else can have signed in by this browser either.
      if (isPresent(state))
        return { state: { ...grown(state), is: 'remembered', mayProbe: false, isHidden: event.isOnline }, effects: [ask] }
      return isOver ? stays(state) : { state, effects: [ask] }
    case 'refreshed':
      return { state: refreshed(state), effects: [ask] }
    case 'signed-out': {
      const user = userOf(state)
      if (event.user !== null && user !== null && !isSameUser(user, event.user)) return stays(state)
      return { state: signedOutByUs(state), effects: user === null ? [] : [forget(user), { type: 'tell-signed-out', user }] }
    }
    case 'signed-out-elsewhere': {
      const user = userOf(state)
      if (user === null || scopeName(user) !== event.scope) return stays(state)
      return { state: signedOutByUs(state), effects: [forget(user)] }
    }
    case 'asked-elsewhere':
      return isOver ? stays(state) : { state: askedAnew(state), effects: [ask] }
    case 'token-returned':
      return isOver ? { state: refreshed(state), effects: [ask] } : stays(state)
    default:
      return event satisfies never
  }
}

function afterAttempt(state: Present, { news, asksHost }: Attempted): Transition {
  switch (news) {
    case 'no-token':
      return waiting(state, 'token-refused', tokenlessWaitMs(1))
    case 'token-unavailable':
      return waiting(state, 'token-unavailable', tokenWaitMs(1))
    case 'unauthenticated':
      return doubted(state, { is: state.is, doubt: 'token-refused' }, false)
    case 'actor-mismatch':
      return doubted(state, { is: 'remembered', doubt: 'actor-differs' }, asksHost)
    case 'accepted':
      if (state.doubt === null) return stays(state)
      return { state: present('confirmed', state.user, state), effects: [{ type: 'remember', user: state.user }] }
    default:
      return news satisfies never
  }
}

// The host goes on naming the user it knows, so that asking it at once would only send the same request again.
function doubted(state: Present, { is, doubt }: Pick<Present, 'is' | 'doubt'>, isPatient: boolean): Transition {
  const doubts = state.doubts + 1
  const next: Present = { ...grown(state), is, doubt, doubts, reason: doubt, mayProbe: false, tries: 0 }
  if (doubts === 1 && !isPatient) return { state: next, effects: [{ type: 'ask', isLast: false }] }
  return { state: next, effects: [{ type: 'wait', ms: doubtWaitMs(doubts) }] }
}

function waiting(state: Present, reason: IdentityReason, ms: number): Transition {
  return { state: { ...grown(state), reason, mayProbe: false, tries: 1 }, effects: [{ type: 'wait', ms }] }
}

function refreshed(state: IdentityState): IdentityState {
  const next = askedAnew(state)
  if (next.is === 'signed-out') return { ...next, isByUs: false }
  return isPresent(next) ? { ...next, isChecking: true } : next
}

function askedAnew(state: IdentityState): IdentityState {
  const next = { ...grown(state), tries: 0 }
  return isPresent(next) ? { ...next, mayProbe: false } : next
}

function signedOutByUs(state: IdentityState): IdentityState {
  return { is: 'signed-out', isByUs: true, reason: null, stamp: state.stamp + 1, tries: 0 }
}

function forget(user: User): IdentityEffect {
  return { type: 'forget', user }
}

function grown<State extends IdentityState>(state: State): State {
  return { ...state, stamp: state.stamp + 1 }
}

function stays(state: IdentityState): Transition {
  return { state, effects: [] }
}
