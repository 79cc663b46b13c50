import type { Response } from 'express'
import { Refusal } from '../http/Refusal.js'
import type { Caller } from '../ledger/ActionCall.js'

/**
 * Who is calling: a person of an organisation; a service account, which acts for one and is named as such wherever it left
 * a trace; or the operator's own key, which belongs to none.
 */
export type Session = ({ kind: 'user' | 'service' } & Caller) | { kind: 'operator'; actor: string }

const SESSION = Symbol('session')

export function setSession(res: Response, session: Session): void {
  ;(res.locals as Record<symbol, unknown>)[SESSION] = session
}

/** The session of a request that passed `authenticate`; undefined before it. */
export function findSession(res: Response): Session | undefined {
  return (res.locals as Record<symbol, unknown>)[SESSION] as Session | undefined
}

/**
 * Who acts for which organisation.
 * @throws {Refusal} FORBIDDEN for the operator, who belongs to no organisation
 * @throws {TypeError} on a route that is not behind `authenticate`
 */
export function callerOf(res: Response): Caller {
  const session = sessionOf(res)
  if (session.kind === 'operator') throw new Refusal('FORBIDDEN', { error: 'This needs a signed-in person, not the service role.' })
  return session
}

/**
 * The operator, for what concerns every organisation.
 * @throws {Refusal} FORBIDDEN for everybody else, a service account that acts for one organisation included
 * @throws {TypeError} on a route that is not behind `authenticate`
 */
export function operatorOf(res: Response): { actor: string } {
  const session = sessionOf(res)
  if (session.kind !== 'operator') throw new Refusal('FORBIDDEN', { error: 'Only the service role may do this.' })
  return session
}

function sessionOf(res: Response): Session {
  const session = findSession(res)
  if (session === undefined) throw new TypeError('callerOf: this route is not behind authenticate, so nobody is known to be calling')
  return session
}
