import { type AnyAction, CONTRACTS_VERSION, check, problemOf, problemText } from '@org/contracts/client'
import type { Clock } from '../ports/Clock.js'
import type { Random } from '../ports/Random.js'
import type { SubmitOptions } from '../SyncClient.js'
import { childId } from './bulkParent.js'
import { jsonCopy } from './jsonCopy.js'
import type { Bulk, Single } from './MutationRecord.js'
import { SyncError } from './SyncError.js'
import { uuidv7 } from './uuidv7.js'

export interface CreateContext {
  clock: Clock
  random: Random
  actor: string
  tenant: string
  tabId: string
}

/** One click: a single mutation, or a parent followed by its children. */
export type Click = readonly [Single<'queued'> | Bulk<'queued'>, ...Single<'queued'>[]]

/**
 * Makes the record of one click, key and all: a single mutation, or a parent followed by the children
 * that its action splits it into.
 * @throws {SyncError} INVALID_REQUEST when the request breaks the action's schema
 * @throws {TypeError} when it is nothing that JSON can carry
 */
export function createMutation(action: AnyAction, request: unknown, options: SubmitOptions, context: CreateContext): Click {
  const [issue] = check(action.clickSchema ?? action.requestSchema, request).issues ?? []
  if (issue !== undefined) {
    const problem = problemOf(issue, request)
    throw new SyncError('INVALID_REQUEST', problemText(problem, action.words), { problem })
  }
  // As it was given, whatever the schema makes of it.
  const given = jsonCopy(action.name, request)
  checkOptions(options)
  const { expectedVersion, ...unversioned } = given as { expectedVersion?: number }
  const parts = action.split?.(given) ?? []
  // What comes to one request is sent as that: as given, it may name more than one request may hold.
  const [whole] = parts.length === 1 ? parts : [unversioned]
  const single = record(action, whole, { ...options, seenVersion: options.seenVersion ?? expectedVersion }, context)
  if (parts.length < 2) return [single]
  const children = parts.map((part: unknown, index: number) => ({
    ...record(action, part, options, context),
    id: childId(single.id, index),
    parentId: single.id,
    childIndex: index,
    createdAt: single.createdAt,
  }))
  return [parentOf(single, children.length), ...children]
}

function record(action: AnyAction, request: unknown, options: SubmitOptions, context: CreateContext): Single<'queued'> {
  const { clock, random, actor, tenant, tabId } = context
  return {
    v: 1,
    id: uuidv7(clock, random),
    rev: 0,
    seq: null,
    tenant,
    actor,
    action: action.name,
    lanes: [...action.lanes(request)],
    request,
    state: 'queued',
    ambiguous: false,
    accepted: null,
    attempts: 0,
    nextAttemptAt: null,
    createdAt: clock.now(),
    storedAt: null,
    expiresAfterMs: options.expiresAfterMs,
    maxAttempts: options.maxAttempts ?? 5,
    seenVersion: options.seenVersion,
    strikes: { server: 0, noEcho: 0, since: 0 },
    probes: null,
    lastError: null,
    bytes: JSON.stringify(request).length,
    origin: { tabId, contractsVersion: CONTRACTS_VERSION },
  }
}

/** Of all that a mutation has, what its parent has too: everything but attempts. */
function parentOf(single: Single<'queued'>, children: number): Bulk<'queued'> {
  const { attempts, ambiguous, accepted, strikes, nextAttemptAt, ...click } = single
  return { ...click, parentId: undefined, children }
}

function checkOptions({ expiresAfterMs, maxAttempts }: SubmitOptions): void {
  if (expiresAfterMs !== undefined && !(expiresAfterMs > 0)) {
    throw new RangeError(`submit: expiresAfterMs must be above 0, received ${expiresAfterMs}`)
  }
  if (maxAttempts !== undefined && !(Number.isInteger(maxAttempts) && maxAttempts >= 1)) {
    throw new RangeError(`submit: maxAttempts must be an integer of at least 1, received ${maxAttempts}`)
  }
}
