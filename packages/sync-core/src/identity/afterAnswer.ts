import type { Answer, IdentityEffect, Transition } from './IdentityEvent.js'
import { type IdentityReason, type IdentityState, isPresent, type Loading, type Present, present, type SignedOut } from './IdentityState.js'
import { isSameUser, type User } from './scopeName.js'
import {
  COOKIE_TRIES,
  cookieWaitMs,
  PROBE_MS,
  SIGNED_OUT_TRIES,
  SIGNED_OUT_WAIT_MS,
  tokenlessWaitMs,
  tokenWaitMs,
  unansweredWaitMs,
} from './waits.js'

/** What an answer to the present question makes of the state. Pure. */
export function afterAnswer(state: IdentityState, answer: Answer): Transition {
  if (answer.kind === 'named') return named(state, answer.user)
  if (state.is === 'signed-out') return stillSignedOut(state, answer)
  switch (answer.kind) {
    case 'nobody': {
      const tries = triesOf(state, 'token-refused')
      if (answer.isFinal || tries >= COOKIE_TRIES) return signedOut(state, answer.isFinal ? 'token-refused' : null)
      return unsure(state, 'token-refused', cookieWaitMs(tries))
    }
    case 'no-token':
      return unsure(state, 'token-refused', tokenlessWaitMs(triesOf(state, 'token-refused')))
    case 'token-unavailable':
      return unsure(state, 'token-unavailable', tokenWaitMs(triesOf(state, 'token-unavailable')))
    case 'unreachable':
    case 'misconfigured': {
      const reason = answer.kind === 'unreachable' ? 'api-unreachable' : 'api-misconfigured'
      const next = unsure(state, reason, unansweredWaitMs(triesOf(state, reason)))
      // It is known now that there is no network to the server, so nothing newer can be shown than what was there.
      return { ...next, state: isPresent(next.state) ? { ...next.state, isHidden: false } : next.state }
    }
    default:
      return answer satisfies never
  }
}

function named(state: IdentityState, user: User): Transition {
  if (!isPresent(state) || !isSameUser(state.user, user)) {
    return { state: present('confirmed', user, state), effects: [{ type: 'remember', user }, { type: 'tell-ask' }] }
  }
  // A session that goes on naming the user for a while has withdrawn a 401, if there was nothing to try it with.
  if (state.doubt === null || (state.doubt === 'token-refused' && state.mayProbe)) {
    return { state: present('confirmed', user, state), effects: state.is === 'confirmed' ? [] : [{ type: 'remember', user }] }
  }
  const next: Present = {
    ...state,
    stamp: state.stamp + 1,
    tries: 0,
    reason: state.doubt,
    mayProbe: true,
    isHidden: false,
    isChecking: false,
  }
  return { state: next, effects: state.doubt === 'token-refused' ? [{ type: 'wait', ms: PROBE_MS }] : [] }
}

/** The same state for a reason, and asked again. */
function unsure(state: Loading | Present, reason: IdentityReason, ms: number): Transition {
  const changes = { reason, tries: triesOf(state, reason), stamp: state.stamp + 1 }
  const next = isPresent(state) ? { ...state, ...changes, mayProbe: false } : { ...state, ...changes }
  return { state: next, effects: [{ type: 'wait', ms }] }
}

function signedOut(state: Loading | Present, reason: SignedOut['reason']): Transition {
  const effects: IdentityEffect[] = [{ type: 'wait', ms: SIGNED_OUT_WAIT_MS }]
  if (isPresent(state)) effects.unshift({ type: 'forget', user: state.user }, { type: 'tell-ask' })
  return { state: { is: 'signed-out', isByUs: false, reason, stamp: state.stamp + 1, tries: 0 }, effects }
}

function stillSignedOut(state: SignedOut, { kind }: Answer): Transition {
  const tries = state.tries + 1
  // Whoever has just signed in waits for a server that does not answer yet.
  const ms = kind === 'nobody' || kind === 'no-token' ? SIGNED_OUT_WAIT_MS : unansweredWaitMs(tries)
  const effects: IdentityEffect[] = tries < SIGNED_OUT_TRIES ? [{ type: 'wait', ms }] : []
  return { state: { ...state, tries, stamp: state.stamp + 1 }, effects }
}

function triesOf(state: Loading | Present, reason: IdentityReason): number {
  return state.reason === reason ? state.tries + 1 : 1
}
