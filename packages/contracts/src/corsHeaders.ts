import { HEADERS } from './headers.js'

/** Response headers a cross-origin page must be able to read. Without them every success looks like "offline". */
export const EXPOSED_HEADERS = [
  HEADERS.idempotencyKey,
  HEADERS.idempotentReplayed,
  HEADERS.idempotencyOutcome,
  HEADERS.idempotencyRetention,
  HEADERS.retryAfter,
  HEADERS.requestId,
  HEADERS.contractsVersion,
  HEADERS.smsBreaker,
  // A date in Retry-After means nothing without the clock it was written by.
  'Date',
] as const

/** Request headers a cross-origin page may send. */
export const ALLOWED_HEADERS = [
  'Authorization',
  'Content-Type',
  HEADERS.idempotencyKey,
  HEADERS.mutationCreatedAt,
  HEADERS.mutationSentAt,
  HEADERS.mutationExpiresAfter,
  HEADERS.mutationActor,
  HEADERS.mutationAttempt,
  HEADERS.contractsVersion,
  HEADERS.requestId,
  // A team's tracing adds these to each request; refused, every click would look like "offline".
  'traceparent',
  'tracestate',
  'baggage',
  'sentry-trace',
] as const
