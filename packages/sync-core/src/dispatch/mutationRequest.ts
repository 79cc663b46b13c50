import { type AnyAction, CONTRACTS_VERSION, HEADERS, PATHS } from '@org/contracts/client'
import type { ApiRequest } from '../identity/ApiClient.js'
import type { Single, SingleRecord } from '../mutation/MutationRecord.js'
import { isLook } from './attempt.js'

/** What is sent for a claimed mutation: itself, or what it asks. */
export function requestFor(record: Single<'sending'>, action: AnyAction, sentAt: number): ApiRequest {
  if (record.resolving === undefined) return mutationRequest(record, action, sentAt)
  return isLook(record.resolving) ? lookRequest(record, sentAt) : resolveRequest(record, sentAt)
}

// The same record gives the same bytes at each attempt.
function mutationRequest(record: SingleRecord, action: AnyAction, sentAt: number): ApiRequest {
  const { expectedVersion, request } = record
  const body = expectedVersion === undefined ? request : { ...(request as object), expectedVersion }
  return { method: action.method, path: action.path, headers: headersOf(record, sentAt), body: JSON.stringify(body) }
}

/** Asks what stands for the key, and fences it: a later arrival is refused. */
export function resolveRequest(record: SingleRecord, sentAt: number): ApiRequest {
  return { method: 'POST', path: PATHS.resolve(record.id), headers: headersOf(record, sentAt), body: '{}' }
}

// Only looks at what stands for the key.
function lookRequest(record: SingleRecord, sentAt: number): ApiRequest {
  return { method: 'GET', path: PATHS.mutation(record.id), headers: headersOf(record, sentAt) }
}

function headersOf(record: SingleRecord, sentAt: number): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    [HEADERS.idempotencyKey]: record.id,
    [HEADERS.mutationCreatedAt]: String(record.createdAt),
    [HEADERS.mutationSentAt]: String(sentAt),
    [HEADERS.mutationAttempt]: String(record.attempts),
    [HEADERS.contractsVersion]: CONTRACTS_VERSION,
    ...(record.expiresAfterMs === undefined ? {} : { [HEADERS.mutationExpiresAfter]: String(record.expiresAfterMs) }),
    // A header holds Latin letters only; a name it cannot hold would make every attempt fail before it is sent.
    ...(/^[\x21-\x7e]+$/.test(record.actor) ? { [HEADERS.mutationActor]: record.actor } : {}),
  }
}
