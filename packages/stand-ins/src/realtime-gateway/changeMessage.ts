import type { FeedChange } from './ChangeFeed.js'

/** Above this a change arrives cut down, with an error. Bytes. */
export const MAX_RECORD_BYTES = 1_024 * 1_024

const LONGEST_KEPT_BYTES = 64

/**
 * The `data` of a `postgres_changes` message, as JSON text. `old_record` holds the key only; a
 * record over 1 MiB keeps its short values and carries "Error 413: Payload Too Large". Pure.
 */
export function changeData(change: FeedChange, committedAt: string): string {
  const record = change.new
  const tooLarge = record !== null && Buffer.byteLength(JSON.stringify(record)) > MAX_RECORD_BYTES
  const key = { id: change.old?.id ?? record?.id }
  return JSON.stringify({
    schema: 'public',
    table: change.table,
    type: change.eventType,
    commit_timestamp: committedAt,
    columns: columnsOf(record ?? key),
    ...(change.eventType === 'DELETE' ? {} : { record: tooLarge ? shortValues(record) : record }),
    ...(change.eventType === 'INSERT' ? {} : { old_record: key }),
    errors: tooLarge ? ['Error 413: Payload Too Large'] : null,
  })
}

function shortValues(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isShort = ([, value]: [string, unknown]) => Buffer.byteLength(JSON.stringify(value) ?? '') <= LONGEST_KEPT_BYTES
  return Object.fromEntries(Object.entries(record).filter(isShort))
}

function columnsOf(record: Readonly<Record<string, unknown>>): { name: string; type: string }[] {
  return Object.entries(record).map(([name, value]) => ({ name, type: columnType(name, value) }))
}

/**
 * The feed carries values and no column types, so the type is told from the value. The client only
 * uses it to turn text into numbers, booleans and JSON, which these values are already.
 */
function columnType(name: string, value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int8' : 'float8'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'object' && value !== null) return 'jsonb'
  return name.endsWith('_at') ? 'timestamptz' : 'text'
}
