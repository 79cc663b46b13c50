import { clientText } from '@org/contracts/client'
import type { MutationError, SyncError } from '@org/sync-core'

/** True of what `submit` throws to refuse a click; anything else is a defect of the code around it. */
export function isRefusal(thrown: unknown): thrown is SyncError {
  return thrown instanceof Error && typeof (thrown as Partial<SyncError>).code === 'string'
}

/** Turns what a click was stopped by into an error a button can show. Whoever clicked reads of a defect, too, that nothing was sent. */
export function refusalOf(thrown: unknown): MutationError {
  if (!isRefusal(thrown)) return { code: 'INVALID_REQUEST', message: clientText('INVALID_REQUEST')!, willRetry: false }
  const { code, message, problem } = thrown
  return { code, message, willRetry: false, ...(problem && { problem }) }
}
