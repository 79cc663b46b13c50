import type { Identity } from '@org/sync-core'

/** Why it is not certain, or not so, that somebody is signed in here. */
export type IdentityReason = 'token-unavailable' | 'token-refused' | 'api-unreachable' | 'api-misconfigured' | 'actor-differs'

/** The reason beside a state; undefined when there is nothing to say about who is signed in. Pure. */
export function identityReason(identity: Identity): IdentityReason | undefined {
  return (identity as { reason?: IdentityReason }).reason
}
