import { HEADERS, LIMITS } from '@org/contracts'

const RETENTION_SECONDS = String(LIMITS.retentionMs / 1_000)

/** Mark an answer as one the ledger holds, so that a client may settle on it; and for how many seconds it will. */
export function recordedHeaders(): Record<string, string> {
  return { [HEADERS.idempotencyOutcome]: 'recorded', [HEADERS.idempotencyRetention]: RETENTION_SECONDS }
}
