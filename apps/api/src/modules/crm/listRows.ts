import type { AppointmentRow, LeadRow } from '@org/contracts'
import type { Database, SqlRow } from '../../engine/database/Database.js'
import type { Caller } from '../../engine/ledger/ActionCall.js'

export interface PageRequest {
  caller: Caller
  /** 1 to `LIMITS.pageMax`. */
  limit: number
  /** `nextCursor` of the page before (an id); null for the first page. Any storable text is a valid place to go on from. */
  cursor: string | null
}

/** GET /api/leads: one page in order of id. */
export async function listLeads(database: Database, request: PageRequest): Promise<{ leads: LeadRow[]; nextCursor: string | null }> {
  const { rows, nextCursor } = await page<LeadRow>(database, { from: 'public.leads', request })
  return { leads: rows, nextCursor }
}

/** GET /api/appointments: one page in order of id. */
export async function listAppointments(
  database: Database,
  request: PageRequest,
): Promise<{ appointments: AppointmentRow[]; nextCursor: string | null }> {
  const { rows, nextCursor } = await page<AppointmentRow>(database, { from: 'public.appointments', request })
  return { appointments: rows, nextCursor }
}

async function page<Row extends { id: string }>(
  database: Database,
  { from, request }: { from: 'public.leads' | 'public.appointments'; request: PageRequest },
): Promise<{ rows: Row[]; nextCursor: string | null }> {
  const found = await database.query<{ row: Row } & SqlRow>(
    `select sync.row_json(t) as row from ${from} t where t.org_id = $1 and t.id > $2 order by t.id limit $3::int`,
    // One more than asked, to know whether another page follows.
    [request.caller.tenant, request.cursor ?? '', request.limit + 1],
  )
  const rows = found.slice(0, request.limit).map(({ row }) => row)
  return { rows, nextCursor: found.length > request.limit ? (rows.at(-1)?.id ?? null) : null }
}
