import type { BaseRow } from '@org/contracts'
import type { Database, SqlRow } from '../database/Database.js'
import { sqlStateOf } from '../database/DatabaseError.js'
import { Refusal } from '../http/Refusal.js'
import type { Caller } from '../ledger/ActionCall.js'
import { claimsOf } from '../ledger/callSettings.js'

export interface PageRequest {
  caller: Caller
  /** 1 to `LIMITS.pageMax`. */
  limit: number
  /** `nextCursor` of the page before (an id); null for the first page. The row itself may be gone meanwhile. */
  cursor: string | null
}

export interface RowPage<Row> {
  rows: Row[]
  /** Null: there are no more. */
  nextCursor: string | null
}

/** As sync.track_table takes it: what is no such name is no table, whatever the database would make of it. */
const TABLE_NAME = /^[a-z_][a-z0-9_]{0,39}$/

// What sync.read_rows raises.
const NO_SUCH_TABLE = 'SY004'
const NO_SUCH_PLACE = 'SY005'

/**
 * One page of the caller's organisation's rows of a tracked table, in order of id.
 * @throws {Refusal} NOT_FOUND when no table is tracked as `table`, VALIDATION_FAILED when `cursor` is no id of it
 */
export async function listRows<Row extends Pick<BaseRow, 'id'> = BaseRow>(
  database: Database,
  { table, caller, limit, cursor }: PageRequest & { table: string },
): Promise<RowPage<Row>> {
  if (!TABLE_NAME.test(table)) throw new Refusal('NOT_FOUND')
  const found = await database
    .query<{ row: Row } & SqlRow>('select r."row" from sync.read_rows($1, $2, $3, $4::int, $5) r', [
      table,
      caller.tenant,
      cursor,
      limit + 1,
      claimsOf({ caller }),
    ])
    .catch((error: unknown) => {
      throw refusalOf(error)
    })
  const rows = found.slice(0, limit).map(({ row }) => row)
  // One more than asked was read, to know whether another page follows.
  return { rows, nextCursor: found.length > limit ? (rows.at(-1)?.id ?? null) : null }
}

function refusalOf(error: unknown): unknown {
  const state = sqlStateOf(error)
  if (state === NO_SUCH_TABLE) return new Refusal('NOT_FOUND')
  if (state === NO_SUCH_PLACE)
    return new Refusal('VALIDATION_FAILED', { error: 'cursor is not one that a page gave (nextCursor). Leave it out for the first page.' })
  return error
}
