/** Header names on the wire. HTTP compares them without case; this spelling is the documented one. */
export const HEADERS = {
  idempotencyKey: 'Idempotency-Key',
  idempotentReplayed: 'Idempotent-Replayed',
  idempotencyOutcome: 'Idempotency-Outcome',
  idempotencyRetention: 'Idempotency-Retention',
  mutationCreatedAt: 'Mutation-Created-At',
  mutationSentAt: 'Mutation-Sent-At',
  mutationExpiresAfter: 'Mutation-Expires-After',
  mutationActor: 'Mutation-Actor',
  mutationAttempt: 'Mutation-Attempt',
  contractsVersion: 'Contracts-Version',
  smsBreaker: 'SMS-Breaker',
  retryAfter: 'Retry-After',
  requestId: 'X-Request-Id',
} as const

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

/** Grows by one whenever a request schema grows; the server answers with its own. */
export const CONTRACTS_VERSION = '1'
