import { type MutationError, SyncError } from '@org/sync-core'

/**
 * Turns what `submit` threw into an error a button can show.
 * @throws what it was given, when that is no refusal but a defect
 */
export function refusalOf(thrown: unknown): MutationError {
  if (!(thrown instanceof Error) || !('code' in thrown) || typeof thrown.code !== 'string') throw thrown
  const problem = thrown instanceof SyncError ? thrown.problem : undefined
  return { code: thrown.code, message: thrown.message, willRetry: false, ...(problem && { problem }) }
}
