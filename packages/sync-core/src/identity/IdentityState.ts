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

/** What is known beside who is here. */
interface Facts {
  /** Grows at each transition; an answer or a timer of an older one is ignored. */
  stamp: number
  /** Questions in a row that ended alike. */
  tries: number
  reason: IdentityReason | null
  /** What a mutation's refusal said against the user; gone with the first keyed request that is accepted. */
  doubt: 'token-refused' | 'actor-differs' | null
  /** Such refusals in a row. */
  doubts: number
  /** The same user was named although there is a doubt: one request may find out. */
  mayProbe: boolean
  /** Back from the back-forward cache or from freezing: nothing is shown until it is known who is here. */
  isHidden: boolean
}

/** Nobody is known yet, or nobody is here. */
export type Nobody = Facts & { user: null } & (
    | { is: 'loading' }
    /** `isByUs`: a person did it, and nothing but another sign-in ends it. */
    | { is: 'signed-out'; reason: 'token-refused' | null; isByUs: boolean }
  )

/** Somebody is here, by memory or by evidence. `user` is the same object for as long as it is the same visit. */
export type Present = Facts & { is: 'remembered' | 'confirmed'; user: User }

export type IdentityState = Nobody | Present

const CALM = { tries: 0, reason: null, doubt: null, doubts: 0, mayProbe: false, isHidden: false }

/** Before anything is known. */
export const AT_START: IdentityState = { ...CALM, is: 'loading', user: null, stamp: 0 }

/** A user of whom nothing speaks against. */
export function present(is: Present['is'], user: User, { stamp }: { stamp: number }): Present {
  return { ...CALM, is, user, stamp: stamp + 1 }
}

export function signedOut(isByUs: boolean, reason: 'token-refused' | null, { stamp }: { stamp: number }): Nobody {
  return { ...CALM, is: 'signed-out', user: null, isByUs, reason, stamp: stamp + 1 }
}

/** What may be sent for the user: everything, nothing, or one request that finds out whether it is still that user. */
export function mayStateSend(state: IdentityState): 'yes' | 'no' | 'probe' {
  if (state.mayProbe) return 'probe'
  return state.is === 'confirmed' && state.reason === null ? 'yes' : 'no'
}

/** Whether the user's rows may be seen. */
export function showsRows({ user, isHidden, doubt, mayProbe }: IdentityState): boolean {
  return user !== null && !isHidden && (doubt !== 'actor-differs' || mayProbe)
}
