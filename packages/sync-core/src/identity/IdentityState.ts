import type { User } from './scopeName.js'

/**
 * Why it is not known, now, who is signed in, so that nothing is sent:
 *
 * - `token-unavailable`: `getAccessToken` threw, or did not answer within 20 s; asked again every few seconds
 * - `token-refused`: there is no access token, or the API refused it and its renewal
 * - `api-unreachable`: nobody answers; asked again every few seconds
 * - `api-misconfigured`: what answers is not the API (a captive portal, a proxy), or has no GET /api/session
 * - `actor-differs`: the API says that somebody else is signed in than the one who clicked
 */
export type IdentityReason = 'token-unavailable' | 'token-refused' | 'api-unreachable' | 'api-misconfigured' | 'actor-differs'

interface Common {
  /** Grows at each transition; an answer or a timer of an older one is ignored. */
  stamp: number
  /** Questions in a row that ended alike. */
  tries: number
}

export interface Loading extends Common {
  is: 'loading'
  reason: IdentityReason | null
}

export interface SignedOut extends Common {
  is: 'signed-out'
  reason: 'token-refused' | null
  /** A person did it: nothing but another sign-in ends it. */
  isByUs: boolean
}

/** Somebody is here, by memory or by evidence. */
export interface Present extends Common {
  is: 'remembered' | 'confirmed'
  user: User
  reason: IdentityReason | null
  /** What a mutation's refusal said against this user; gone with the first keyed request that is accepted. */
  doubt: 'token-refused' | 'actor-differs' | null
  /** Such refusals in a row. */
  doubts: number
  /** The same user was named although there is a doubt: one request may find out. */
  mayProbe: boolean
  /** Back from the back-forward cache or from freezing: nothing is shown until it is known who is here. */
  isHidden: boolean
  /** The host says that it may be someone else by now. */
  isChecking: boolean
}

export type IdentityState = Loading | SignedOut | Present

/** A user of whom nothing speaks against. */
export function present(is: Present['is'], user: User, { stamp }: { stamp: number }): Present {
  const calm = { reason: null, doubt: null, doubts: 0, mayProbe: false, isHidden: false, isChecking: false }
  return { is, user, stamp: stamp + 1, tries: 0, ...calm }
}

export function isPresent(state: IdentityState): state is Present {
  return state.is === 'remembered' || state.is === 'confirmed'
}

/** It is known who is here, and nothing speaks against it. */
export function isSettled(state: IdentityState): boolean {
  return state.is === 'confirmed' && state.reason === null
}

/** The user that a state speaks of. */
export function userOf(state: IdentityState): User | null {
  return isPresent(state) ? state.user : null
}

/** What may be sent for the user: everything, nothing, or one request that finds out whether it is still that user. */
export function mayStateSend(state: IdentityState): 'yes' | 'no' | 'probe' {
  if (!isPresent(state)) return 'no'
  if (state.mayProbe) return 'probe'
  return state.is === 'confirmed' && state.reason === null && !state.isChecking ? 'yes' : 'no'
}

/** Whether the user's rows may be seen. */
export function showsRows(state: IdentityState): boolean {
  if (!isPresent(state)) return false
  return !state.isHidden && (state.doubt !== 'actor-differs' || state.mayProbe)
}
