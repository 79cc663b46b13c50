import type { ActionAnswer } from './ActionCall.js'
import { toAnswer } from './toAnswer.js'

/**
 * Reads one `sync.answer` as the text that Postgres writes of a composite value. One column instead of eight: a function
 * in a statement's list of columns costs the database less than one that is read from as a table.
 * @throws {TypeError} when there is none, which no ledger function may do
 */
export function readAnswer(composite: string | null | undefined): ActionAnswer {
  if (composite === null || composite === undefined) return toAnswer(undefined)
  const [status, body, replayed, recorded, retryAfterMs, ref, fingerprintUnknown, reason] = fieldsOf(composite)
  return toAnswer({
    status: Number(status),
    body: body ?? '',
    replayed: replayed === 't',
    recorded: recorded === 't',
    retry_after_ms: typeof retryAfterMs === 'string' ? Number(retryAfterMs) : null,
    ref: ref ?? null,
    fingerprint_unknown: fingerprintUnknown === 't',
    reason: reason ?? null,
  })
}

/** The fields of `(1,"a ""b""",,t)`; null for one that is nothing. */
export function fieldsOf(composite: string): (string | null)[] {
  const fields: (string | null)[] = []
  for (let start = 1; start < composite.length; ) {
    const end = composite[start] === '"' ? endOfQuoted(composite, start) : endOfBare(composite, start)
    fields.push(fieldOf(composite.slice(start, end)))
    start = end + 1
  }
  return fields
}

function endOfQuoted(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at + 1
  return text.length
}

function endOfBare(text: string, start: number): number {
  const comma = text.indexOf(',', start)
  return comma === -1 ? text.length - 1 : comma
}

function fieldOf(written: string): string | null {
  if (written === '') return null
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"').replaceAll('\\\\', '\\') : written
}
