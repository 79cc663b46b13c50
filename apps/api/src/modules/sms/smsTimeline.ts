import type { Database } from '../../engine/database/Database.js'
import type { Asked, ClickName, TimelineSource } from '../../engine/timeline/Timeline.js'
import { type FoundSms, SMS_FIELDS } from './timeline/FoundSms.js'
import { smsEvents } from './timeline/smsEvents.js'
import { smsVerdict } from './timeline/smsVerdict.js'

const MOST_SMS = 50

/** What is known of SMS beside their clicks: attempts, what Twilio told, what a person decided. */
export function smsTimeline(database: Database): TimelineSource {
  return {
    words: ['sms'],
    async look(asked) {
      const found = await findSms(database, asked)
      const clicks = await clicksOf(database, found)
      return { verdicts: found.map(smsVerdict), events: found.flatMap(smsEvents), clicks }
    },
  }
}

/** By id, by Twilio's sid, by the lead, and those of clicks; the newest first. */
function findSms(database: Database, { subject: { kind, id }, tenant, refs }: Asked & { refs: readonly string[] }): Promise<FoundSms[]> {
  return database.query<FoundSms>(
    `select ${SMS_FIELDS}
     from sync.sms_messages m left join sync.sms_dispatch d on d.sms_id = m.id
     where ($2::text is null or m.org_id = $2) and m.id in (
       select o.id from sync.sms_messages o where $3 = 'sms' and o.id = $1
       union select o.sms_id from sync.sms_dispatch o where $3 = 'sms' and o.sid = $1
       union select x.sms_id from sync.sms_extra_sids x where $3 = 'sms' and x.sid = $1
       union select o.id from sync.sms_messages o where $3 = 'leads' and o.lead_id = $1
       union select c.sms_id from sync.sms_clicks c where c.id in (select jsonb_array_elements_text($4::jsonb)))
     order by m.created_at desc, m.id desc limit ${MOST_SMS}`,
    [id, tenant, kind, JSON.stringify(refs)],
  )
}

// Whoever joined an SMS clicked while it waited or shortly after it went out, so the ledger is read for that day alone.
async function clicksOf(database: Database, found: readonly FoundSms[]): Promise<ClickName[]> {
  if (found.length === 0) return []
  return database.query<ClickName & Record<string, unknown>>(
    `select l.tenant, l.actor, l.key
     from sync.sms_messages m join sync.sms_clicks c on c.sms_id = m.id
     join sync.ledger l on l.created_at between m.created_at - interval '1 minute' and m.created_at + interval '1 day'
       and l.tenant = m.org_id and l.ref in (c.id, c.sms_id)
     where m.id in (select jsonb_array_elements_text($1::jsonb))
     union
     select d.org_id, d.actor, d.mutation_key from sync.sms_dispatch d where d.sms_id in (select jsonb_array_elements_text($1::jsonb))`,
    [JSON.stringify(found.map(({ id }) => id))],
  )
}
