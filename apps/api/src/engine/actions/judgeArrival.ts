import { type AnyAction, check } from '@org/contracts'
import { meaningOf } from '../codes/meaningOf.js'
import { Refusal } from '../http/Refusal.js'
import type { ActionCall } from '../ledger/ActionCall.js'
import type { Arrival } from './arrival.js'
import { describeIssue } from './describeIssue.js'
import { isStorable } from './isStorable.js'

/** Either the call to make, or why it may not be made unless the ledger already knows the key. */
export type Judgement = { call: ActionCall } | { refusal: Refusal }

const UNSTORABLE = 'A text of the request holds NUL or half a surrogate pair, which no database keeps. Nothing was changed.'

/** Judges an arrival by itself: headers, person, shape. Pure; what the database knows is not its business. */
export function judgeArrival(arrival: Arrival): Judgement {
  const { headers, caller, route } = arrival
  if (headers.refusal !== null) return { refusal: headers.refusal }
  if (arrival.bodyRefusal !== null) return { refusal: arrival.bodyRefusal }
  if (headers.key === null && route.action.keyRequired) return { refusal: new Refusal('IDEMPOTENCY_KEY_REQUIRED') }
  if (headers.actor !== null && headers.actor !== caller.actor) return { refusal: new Refusal('ACTOR_MISMATCH') }
  const request = parseRequest(route.action, arrival)
  if (request instanceof Refusal) return { refusal: request }
  const forbidden = requireVerdict(route.forbids(request, caller), route.action.name)
  if (forbidden !== null) return { refusal: new Refusal(meaningOf(forbidden, route.action.errorCodes)) }
  return { call: toCall(arrival, request) }
}

/**
 * A `forbids` that gives nothing, or only later, would refuse every click for good, in words that say nothing of it.
 * @throws {TypeError} for what is neither a code nor null
 */
function requireVerdict(said: unknown, action: string): string | null {
  if (said === null || typeof said === 'string') return said
  // A rejection that nobody hears would end this process.
  if (said instanceof Promise) said.catch(() => undefined)
  const what = said instanceof Promise ? 'a promise' : String(typeof said)
  throw new TypeError(`The option forbids of ${action} gave ${what}. It has to say at once either null or the code of a refusal.`)
}

function toCall({ headers, caller, route, fingerprint }: Arrival, request: unknown): ActionCall {
  const { name, ttlMs, errorCodes } = route.action
  return {
    caller,
    actionName: name,
    errorCodes,
    key: headers.key,
    fingerprint,
    request,
    ageMs: headers.ageMs,
    createdAtMs: headers.createdAtMs,
    ttlMs: headers.expiresAfterMs === null ? ttlMs : Math.min(ttlMs, headers.expiresAfterMs),
  }
}

function parseRequest(action: AnyAction, { body, params }: Arrival): unknown {
  if (!isObject(body)) return new Refusal('VALIDATION_FAILED', { error: 'The request body must be a JSON object. Nothing was changed.' })
  if (contradicts(body, params))
    return new Refusal('VALIDATION_FAILED', { error: 'The address and the body name different records. Nothing was changed.' })
  const given = { ...body, ...params }
  const checked = check(action.requestSchema, given)
  if (checked.issues === undefined) return isStorable(given) ? checked.value : new Refusal('VALIDATION_FAILED', { error: UNSTORABLE })
  const [issue] = checked.issues
  return new Refusal('VALIDATION_FAILED', issue === undefined ? {} : { error: describeIssue(issue, given) })
}

function isObject(body: unknown): body is Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null && !Array.isArray(body)
}

/** True when the body and the route's parameters name a thing differently. */
function contradicts(body: Readonly<Record<string, unknown>>, params: Readonly<Record<string, string>>): boolean {
  return Object.keys(params).some((name) => Object.hasOwn(body, name) && body[name] !== params[name])
}
