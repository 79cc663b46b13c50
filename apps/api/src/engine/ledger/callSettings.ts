import type { ActionCall } from './ActionCall.js'

/** What the action declares, as `sync.codes` holds it; null when nothing. */
export function codesOf({ errorCodes }: Pick<ActionCall, 'errorCodes'>): string | null {
  return errorCodes === undefined || Object.keys(errorCodes).length === 0 ? null : JSON.stringify(errorCodes)
}

/** What `request.jwt.claims` holds inside the effect; null when it is left alone. */
export function claimsOf({ caller: { claims } }: Pick<ActionCall, 'caller'>): string | null {
  return claims === undefined ? null : JSON.stringify(claims)
}
