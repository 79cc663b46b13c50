import { type SmsMessageRow, type SmsMessageView, toSmsMessageView } from '@org/contracts'
import type { Database, SqlRow } from '../../engine/database/Database.js'
import type { Caller } from '../../engine/ledger/ActionCall.js'
import { claimsOf } from '../../engine/ledger/callSettings.js'

// A bound against a runaway integration; no person gets that many SMS.
const HISTORY_LIMIT = 1_000

/** GET /api/leads/:leadId/sms-history, newest first; null when the lead does not exist or is another organisation's. */
export async function smsHistory(
  database: Database,
  { caller, leadId }: { caller: Caller; leadId: string },
): Promise<SmsMessageView[] | null> {
  const found = await database.query<{ row: SmsMessageRow | null } & SqlRow>(
    `select case when m.id is not null then sync.row_json(m) end as row
     from sync.find_lead($1, $2, $4) l
     left join sync.sms_messages m on m.lead_id = l.id and m.org_id = $1
     where l.id is not null
     order by m.created_at desc, m.id desc
     limit $3::int`,
    [caller.tenant, leadId, HISTORY_LIMIT, claimsOf({ caller })],
  )
  if (found.length === 0) return null
  return found.flatMap(({ row }) => (row === null ? [] : [toSmsMessageView(row)]))
}
