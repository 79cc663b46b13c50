import { clientText } from '@org/contracts/client'
import { type MutationError, SyncError } from '@org/sync-core'

/** True of what `submit` throws to refuse a click; anything else is a defect of the code around it. */
export function isRefusal(thrown: unknown): thrown is Error & { code: string } {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
}

/** Turns what a click was stopped by into an error a button can show. Whoever clicked reads of a defect, too, that nothing was sent. */
export function refusalOf(thrown: unknown): MutationError {
  const { code, message } = isRefusal(thrown) ? thrown : { code: 'INVALID_REQUEST', message: clientText('INVALID_REQUEST') ?? '' }
  const problem = thrown instanceof SyncError ? thrown.problem : undefined
  return { code, message, willRetry: false, ...(problem && { problem }) }
}
