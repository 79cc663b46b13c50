import { type BaseRow, baseRowSchema } from '@org/contracts/client'
import type { RowState } from '../store/EntityStore.js'
import type { RowChangeEvent } from './RealtimeSyncService.js'

/** One committed change, checked: for the store and for subscribers. */
export interface Change {
  readonly state: RowState
  readonly event: RowChangeEvent
}

export type ChangeReading =
  | { kind: 'change'; change: Change }
  /** News without the full row or its version: the change log has to be asked. */
  | { kind: 'hint' }
  | { kind: 'malformed'; reason: string }

/**
 * Checks one change of `table` as it came over the wire, from realtime (or from the change log, and gives
 * both the same shape.
 */
export function readChange(table: string, wire: unknown): ChangeReading {
  if (typeof wire !== 'object' || wire === null) return { kind: 'malformed', reason: 'not an object' }
  const { eventType, new: next, old, version, errors, hint } = wire as Record<string, unknown>
  if (hint === true) return { kind: 'hint' }
  if (eventType === 'DELETE') return readDelete(table, idOf(old) ?? idOf(next), version)
  if (eventType !== 'INSERT' && eventType !== 'UPDATE') return { kind: 'malformed', reason: 'unknown eventType' }
  const id = idOf(next) ?? idOf(old)
  if (id === undefined) return { kind: 'malformed', reason: 'no id' }
  const row = baseRowSchema.safeParse(next)
  // Supabase's Postgres Changes send short values only of a large row, and say so in `errors`: it must not enter base.
  if (!row.success || (Array.isArray(errors) && errors.length > 0)) return { kind: 'hint' }
  return { kind: 'change', change: changeOf(table, eventType, row.data as BaseRow) }
}

/** The change that brings `row`, as a subscriber is told. */
export function changeOf(table: string, eventType: 'INSERT' | 'UPDATE', row: BaseRow): Change {
  const mutationKey = row.last_mutation_key ?? null
  return {
    state: { table, id: row.id, version: row.version, row, mutationKey },
    event: {
      table,
      eventType,
      new: row,
      old: eventType === 'INSERT' ? null : { id: row.id },
      origin: { actor: row.updated_by ?? null, mutationKey },
    },
  }
}

/** The change that removes a row. */
export function deletionOf(table: string, id: string, version: number): Change {
  return {
    state: { table, id, version, row: null, mutationKey: null },
    event: { table, eventType: 'DELETE', new: null, old: { id }, origin: { actor: null, mutationKey: null } },
  }
}

function readDelete(table: string, id: string | undefined, version: unknown): ChangeReading {
  if (id === undefined) return { kind: 'malformed', reason: 'no id' }
  // Without a version it cannot be told from a late event of a row that was inserted anew, so the log decides.
  if (typeof version !== 'number' || !Number.isFinite(version)) return { kind: 'hint' }
  return { kind: 'change', change: deletionOf(table, id, version) }
}

function idOf(row: unknown): string | undefined {
  const id = (row as { id?: unknown } | null | undefined)?.id
  return typeof id === 'string' && id !== '' ? id : undefined
}
