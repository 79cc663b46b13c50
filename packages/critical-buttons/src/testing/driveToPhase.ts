import type { AnyAction, RequestOf } from '@org/contracts/client'
import type { MutationError, MutationPhase, MutationView } from '@org/sync-core'
import type { FakeSyncClient } from './createFakeSyncClient.js'

/** Where a button is put, and what is different from the ordinary case. */
export interface PhaseSetting {
  phase: MutationPhase
  /** Laid over the ordinary fields of that phase. */
  fields?: Partial<MutationView>
  error?: Partial<MutationError>
  /** The answer, for `success`. */
  data?: unknown
}

const RETRY_IN_MS = 30_000

/** Ordinary fields of each phase, as a real client would show them. */
export function phaseFields({ phase, fields = {}, error, data }: PhaseSetting): Partial<MutationView> {
  return { phase, ...ordinaryFields(phase, error), ...(data === undefined ? {} : { data }), ...fields }
}

function ordinaryFields(phase: MutationPhase, error: Partial<MutationError> | undefined): Partial<MutationView> {
  const refused = (code: string, message: string, willRetry = false) => ({ error: { code, message, willRetry, ...error } })
  switch (phase) {
    case 'running':
      return { attempt: 1 }
    case 'success':
      return { attempt: 1, data: { success: true } }
    case 'retrying':
      return { attempt: 2, ambiguous: true, ...refused('OFFLINE', 'The server cannot be reached right now', true) }
    case 'queued':
      return { attempt: 0 }
    case 'circuit-open':
      return {
        attempt: 1,
        nextRetryAt: Date.now() + RETRY_IN_MS,
        ...refused('CIRCUIT_BREAKER_OPEN', 'SMS service temporarily unavailable', true),
      }
    case 'checking':
      return { attempt: 1, ambiguous: true }
    case 'partial':
      return { attempt: 1, ...refused('PARTIAL', '2 leads updated, 1 failed') }
    case 'conflict':
      return { attempt: 1, ...refused('VERSION_CONFLICT', 'Someone else changed this record since you looked at it') }
    case 'error':
      return { attempt: 1, ...refused('INTERNAL', 'Something went wrong on our side') }
    case 'unknown':
      return { attempt: 3, ambiguous: true, ...refused('OUTCOME_UNKNOWN', 'Nobody recorded whether this took effect') }
    default:
      return phase satisfies never
  }
}

/**
 * Clicks for someone and leaves the mutation in a phase: what every button that looks at its lane
 * shows then. Works before and after the button is rendered.
 */
export function driveToPhase<A extends AnyAction>(
  client: FakeSyncClient,
  action: A,
  request: RequestOf<A>,
  setting: PhaseSetting,
): MutationView {
  const { id } = client.submit(action, request)
  return client.drive(phaseFields(setting), id)
}
