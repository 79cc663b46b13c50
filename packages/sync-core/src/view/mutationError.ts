import { type BaseRow, baseRowSchema, clientText } from '@org/contracts/client'
import type { LastError, MutationResult, MutationState } from '../mutation/MutationRecord.js'
import { failureIn } from '../mutation/transitions.js'
import { fieldsOf, numberIn, textIn } from '../retry/answerBody.js'
import type { MutationError } from '../SyncClient.js'

/** What a code says to a person; the server's own words when it sent some. An empty or blank text says nothing. */
export function errorText(code: string, serverText = ''): string {
  return serverText.trim() === '' ? (clientText(code) ?? `The server gave no reason (${code}).`) : serverText
}

/** Why a mutation stands where it stands; undefined when nothing went wrong. */
export function errorOf(
  { result, lastError, state }: { result: MutationResult | undefined; lastError: LastError | null; state: MutationState },
  rowsOf: (body: unknown) => readonly { row: unknown }[],
): MutationError | undefined {
  if (result !== undefined) {
    if (result.outcome === 'success') return undefined
    const { body } = result
    const code = result.outcome === 'partial' ? (textIn(body, 'code') ?? 'PARTIAL') : (result.code ?? 'CANCELLED')
    // What asking only confirmed was refused before, in words that the last error kept.
    const earlier = lastError?.code === code ? lastError.message : undefined
    const message = errorText(code, textIn(body, 'error') ?? textIn(body, 'message') ?? earlier)
    return { code, message, ...statusOf(result), willRetry: false, ...detailsOf(body, rowsOf) }
  }
  if (lastError === null) return undefined
  const willRetry = state !== 'unknown'
  return { code: lastError.code, message: errorText(lastError.code, lastError.message), ...statusOf(lastError), willRetry }
}

/** What else the answer tells: the row as it stands, and how the rows of a bulk mutation ended. */
function detailsOf(body: unknown, rowsOf: (body: unknown) => readonly { row: unknown }[]): Partial<MutationError> {
  const details: Partial<MutationError> = {}
  const row = baseRowSchema.safeParse(rowsOf(body)[0]?.row)
  if (row.success) details.row = row.data as BaseRow
  for (const field of ['updated', 'failed', 'unchanged', 'cancelled'] as const) {
    const count = numberIn(body, field)
    if (count !== undefined) details[field] = count
  }
  const { failures } = fieldsOf(body)
  if (Array.isArray(failures)) details.failures = failures.flatMap(failureIn)
  return details
}

function statusOf({ status }: { status: number | null }): { status?: number } {
  return status === null ? {} : { status }
}
