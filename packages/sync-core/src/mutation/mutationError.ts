import { ERROR_CODES, isErrorCode } from '@org/contracts'
import type { ClientErrorCode, MutationError } from '../SyncClient.js'
import type { MutationRecord } from './MutationRecord.js'

const CLIENT_TEXTS: Record<ClientErrorCode, string> = {
  OFFLINE: 'The server cannot be reached right now. It will be sent when the connection is back.',
  TIMEOUT: 'The server did not answer in time. It is safe to try again.',
  NO_ECHO: 'Something between you and the server answered instead of it. It will be tried again.',
  QUEUE_FULL: 'Too many unsent actions are waiting on this device, so this one was not taken. Go online and try again.',
  NOT_SIGNED_IN: 'You are not signed in, so nothing was sent. Sign in and try again.',
  INVALID_REQUEST: 'The request does not match the action, so nothing was sent.',
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
export function errorOf(record: MutationRecord, rowsOf: (body: unknown) => readonly { row: unknown }[]): MutationError | undefined {
  const { result, lastError, state } = record
  if (result !== undefined) {
    if (result.outcome === 'success') return undefined
    const code = result.outcome === 'partial' ? (codeOf(result.body) ?? 'PARTIAL') : (result.code ?? 'CANCELLED')
    return withBody(
      { code, message: errorText(code, textOf(result.body)), ...status(result.status), willRetry: false },
      result.body,
      rowsOf,
    )
  }
  if (lastError === null) return undefined
  const willRetry = state === 'queued' || state === 'sending' || state === 'waiting'
  return { code: lastError.code, message: errorText(lastError.code, lastError.message), ...status(lastError.status), willRetry }
}

function withBody(error: MutationError, body: unknown, rowsOf: (body: unknown) => readonly { row: unknown }[]): MutationError {
  if (typeof body !== 'object' || body === null) return error
  const { updated, failed, unchanged, failures } = body as { updated?: unknown; failed?: unknown; unchanged?: unknown; failures?: unknown }
  const row = rowsOf(body)[0]?.row
  return {
    ...error,
    ...(typeof row === 'object' && row !== null && 'id' in row && 'version' in row
      ? { row: row as NonNullable<MutationError['row']> }
      : {}),
    ...(typeof updated === 'number' ? { updated } : {}),
    ...(typeof failed === 'number' ? { failed } : {}),
    ...(typeof unchanged === 'number' ? { unchanged } : {}),
    ...(Array.isArray(failures) ? { failures } : {}),
  }
}

function status(value: number | null): { status?: number } {
  return value === null ? {} : { status: value }
}

function textOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { error, message } = body as { error?: unknown; message?: unknown }
  if (typeof error === 'string') return error
  return typeof message === 'string' ? message : undefined
}

function codeOf(body: unknown): string | undefined {
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined
  return typeof code === 'string' ? code : undefined
}
