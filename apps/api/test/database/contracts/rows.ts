import { randomUUID } from 'node:crypto'
import type { Database } from '../../../src/engine/database/Database.js'

/** Inserts a lead that no other test uses; pass only what matters. Returns its id. */
export async function aStoredLead(
  database: Database,
  { org = 'org-1', status = 'new', phone = '+12025550123' }: { org?: string; status?: string; phone?: string | null } = {},
): Promise<string> {
  const id = `lead-${randomUUID()}`
  await database.write('insert into public.leads (id, org_id, name, phone, status) values ($1, $2, $3, $4, $5)', [
    id,
    org,
    'Anna Kim',
    phone,
    status,
  ])
  return id
}

/** Inserts an appointment that no other test uses; pass only what matters. Returns its id. */
export async function aStoredAppointment(
  database: Database,
  { org = 'org-1', status = 'pending' }: { org?: string; status?: string } = {},
): Promise<string> {
  const id = `apt-${randomUUID()}`
  await database.write('insert into public.appointments (id, org_id, title, scheduled_at, status) values ($1, $2, $3, now(), $4)', [
    id,
    org,
    'First consultation',
    status,
  ])
  return id
}

/** The version of a row, which tells how often it was written. */
export async function versionOf(database: Database, table: 'leads' | 'appointments' | 'sms_messages', id: string): Promise<number> {
  const schema = table === 'sms_messages' ? 'sync' : 'public'
  const [row] = await database.query<{ version: number }>(`select sync_version::int as version from ${schema}.${table} where id = $1`, [id])
  return row?.version ?? 0
}

/** What the ledger holds for a key. */
export async function ledgerRow(database: Database, key: string | null): Promise<Record<string, unknown> | undefined> {
  const [row] = await database.query('select * from sync.ledger where key = $1', [key])
  return row
}
