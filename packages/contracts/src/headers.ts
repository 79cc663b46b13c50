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

/** Grows by one whenever a request schema grows; the server answers with its own. */
export const CONTRACTS_VERSION = '1'
