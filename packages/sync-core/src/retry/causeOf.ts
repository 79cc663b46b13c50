import type { LastError } from '../mutation/MutationRecord.js'
import { pauseScope } from './classifyOutcome.js'

/**
 * What has to be over before a mutation that waits can get through: the way to the server (nothing answered, or
 * something in between), the server's trouble, its trouble with this action, or something of this mutation's own.
 */
export type Cause = 'way' | 'server' | 'action' | 'own'

/** Why it waits. Pure. */
export function causeOf({ kind, status, code }: Pick<LastError, 'kind' | 'status' | 'code'>): Cause {
  if (kind === 'transport') {
    if (status === null || code === 'NO_ECHO') return 'way'
    return status >= 500 ? 'server' : 'own'
  }
  return kind !== 'pause' || status === null ? 'own' : pauseScope(status, code)
}
