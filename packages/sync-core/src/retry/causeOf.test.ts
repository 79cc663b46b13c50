import { expect, test } from '@jest/globals'
import { causeOf } from './causeOf.js'

test.each<[kind: string, status: number | null, code: string, cause: string]>([
  ['transport', null, 'OFFLINE', 'way'],
  ['transport', null, 'TIMEOUT', 'way'],
  ['transport', 403, 'NO_ECHO', 'way'],
  ['transport', 502, 'NO_ECHO', 'way'],
  ['transport', 500, 'INTERNAL', 'server'],
  ['transport', 504, 'HTTP_504', 'server'],
  ['transport', 422, 'NEW_RULE', 'own'],
  ['pause', 503, 'STORE_UNAVAILABLE', 'server'],
  ['pause', 503, 'CIRCUIT_BREAKER_OPEN', 'action'],
  ['pause', 503, 'ROW_BUSY', 'own'],
  ['pause', 429, 'RATE_LIMITED', 'action'],
  ['in-progress', 409, 'IDEMPOTENCY_IN_PROGRESS', 'own'],
  ['refused', 404, 'NOT_FOUND', 'own'],
  ['unauthenticated', 401, 'UNAUTHENTICATED', 'own'],
])('%s %s %s waits for: %s', (kind, status, code, cause) => {
  expect(causeOf({ kind, status, code })).toBe(cause)
})
