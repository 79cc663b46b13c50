import type { Response } from 'express'
import { Refusal } from '../http/Refusal.js'
import type { Caller } from '../ledger/ActionCall.js'

/** Who is calling: a person of an organisation, or the operator's own key. */
export type Session = UserSession | ServiceSession

export interface UserSession extends Caller {
  kind: 'user'
}

/** The `service_role` of the identity provider: it administers, and owns no mutations. */
export interface ServiceSession {
  kind: 'service'
  actor: string
}

interface Locals {
  session?: Session
}

const locals = (res: Response): Locals => res.locals as Locals

export function setSession(res: Response, session: Session): void {
  locals(res).session = session
}

/** The session of a request that passed `authenticate`; undefined before it. */
export function findSession(res: Response): Session | undefined {
  return locals(res).session
}

/**
 * The person who is calling.
 * @throws {Refusal} FORBIDDEN for the service role, which belongs to no organisation
 * @throws {TypeError} on a route that is not behind `authenticate`
 */
export function callerOf(res: Response): Caller {
  const session = locals(res).session
  if (session === undefined) throw new TypeError('callerOf: this route is not behind authenticate, so nobody is known to be calling')
  if (session.kind === 'service') throw new Refusal('FORBIDDEN', { error: 'This needs a signed-in person, not the service role.' })
  return session
}
