import { type BaseRow, baseRowSchema, ERROR_CODES, isErrorCode } from '@org/contracts/client'
import type { LastError, MutationResult, MutationState } from '../mutation/MutationRecord.js'
import { fieldsOf, numberIn, textIn } from '../retry/answerBody.js'
import type { ClientErrorCode, MutationError } from '../SyncClient.js'

const CLIENT_TEXTS: Record<ClientErrorCode, string> = {
  OFFLINE: 'The server cannot be reached right now. It will be sent when the connection is back.',
  TIMEOUT: 'The server did not answer in time. It is safe to try again.',
  NO_ECHO: 'Something between you and the server answered instead of it. It will be tried again.',
  QUEUE_FULL: 'Too many unsent actions are waiting on this device, so this one was not taken. Go online and try again.',
  NOT_SIGNED_IN: 'You are not signed in, so nothing was sent. Sign in and try again.',
  INVALID_REQUEST: 'The request does not match the action, so nothing was sent.',
  TOKEN_UNAVAILABLE:
    'It is not known right now whether you are signed in. That is asked again every few seconds, and this is sent by itself as soon as it is known.',
  CANCELLED: 'This was cancelled before it took effect. Nothing was changed.',
  PARTIAL: 'Some of it was not carried out.',
  BLOCKED: 'The server keeps refusing this. Look at it before you try again.',
}

/** What a code says to a person; the server's own words when it sent some. */
export function errorText(code: string, serverText?: string): string {
  if (serverText !== undefined) return serverText
  if (isErrorCode(code)) return ERROR_CODES[code].text
  return Object.hasOwn(CLIENT_TEXTS, code) ? CLIENT_TEXTS[code as ClientErrorCode] : `The server answered ${code}.`
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
    const message = errorText(code, textIn(body, 'error') ?? textIn(body, 'message'))
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
  if (Array.isArray(failures)) details.failures = failures
  return details
}

function statusOf({ status }: { status: number | null }): { status?: number } {
  return status === null ? {} : { status }
}
