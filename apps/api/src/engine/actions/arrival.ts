import { LIMITS } from '@org/contracts'
import type { Request, Response } from 'express'
import { bodyRefusalOf } from '../http/jsonBody.js'
import { Refusal } from '../http/Refusal.js'
import { fingerprintOf } from '../idempotency/fingerprint.js'
import { callerOf } from '../identity/session.js'
import type { Caller } from '../ledger/ActionCall.js'
import type { KeyedArrival } from '../replay/AnswerOnce.js'
import type { ActionRoute } from './ActionRoute.js'
import { type MutationHeaders, readMutationHeaders } from './mutationHeaders.js'

/** One request for an action, read but not yet judged. */
export interface Arrival {
  route: ActionRoute
  caller: Caller
  headers: MutationHeaders
  fingerprint: string
  params: Readonly<Record<string, string>>
  body: unknown
  /** Why the body cannot be taken; null when it was read. */
  bodyRefusal: Refusal | null
}

/** Equal to no request's: whatever a recorded key stands for, it is not this body. */
const UNREADABLE = 'v1:unreadable'

const ARRIVAL = Symbol('arrival')

/** Reads who wants what, once, for the middlewares that follow. */
export function readArrival(req: Request, res: Response, route: ActionRoute): Arrival {
  const params = req.params as Record<string, string>
  const arrival: Arrival = {
    route,
    caller: callerOf(res),
    headers: readMutationHeaders(req),
    params,
    body: req.body,
    ...fingerprint({ actionName: route.action.name, params, body: req.body }, bodyRefusalOf(res)),
  }
  ;(res.locals as Record<symbol, unknown>)[ARRIVAL] = arrival
  return arrival
}

/** The arrival of a request that passed `readArrival`. */
export function arrivalOf(res: Response): Arrival {
  return (res.locals as Record<symbol, unknown>)[ARRIVAL] as Arrival
}

/** How copies of its answer are found; null without a usable key or body. */
export function keyedArrivalOf({ caller, headers, fingerprint, bodyRefusal, route }: Arrival): KeyedArrival | null {
  const { key, isFirstAttempt } = headers
  if (key === null || bodyRefusal !== null) return null
  return { id: claimId(caller, key), fingerprint, isFirstAttempt, maxBody: route.maxAnswerBytes ?? LIMITS.bodyBytes }
}

// Length prefixes: an actor's name that looks like the end of a tenant's must not open another scope.
function claimId({ tenant, actor }: Caller, key: string): string {
  return `${tenant.length}:${tenant}${actor.length}:${actor}${key}`
}

function fingerprint(
  input: Parameters<typeof fingerprintOf>[0],
  bodyRefusal: Refusal | null,
): Pick<Arrival, 'fingerprint' | 'bodyRefusal'> {
  if (bodyRefusal !== null) return { fingerprint: UNREADABLE, bodyRefusal }
  try {
    return { fingerprint: fingerprintOf(input), bodyRefusal }
  } catch (cause) {
    const error = 'The request body is nested too deeply, so nothing was changed.'
    return { fingerprint: UNREADABLE, bodyRefusal: new Refusal('VALIDATION_FAILED', { error, cause }) }
  }
}
