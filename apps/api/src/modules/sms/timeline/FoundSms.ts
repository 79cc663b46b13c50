import type { SMS_STATES } from '@org/contracts'
import type { SqlRow } from '../../../engine/database/Database.js'

type State = (typeof SMS_STATES)[number]

/** One SMS with all that happened to it. Instants of what is nested are ISO text. */
export interface FoundSms extends SqlRow {
  id: string
  tenant: string
  lead_id: string
  state: State
  error_code: number | null
  error_message: string | null
  created_at: Date
  sent_at: Date | null
  /** The number's last four digits: enough to tell two apart. Null where what the dispatcher knew is past its retention. */
  to_ends: string | null
  sid: string | null
  attempt: number | null
  due_at: Date | null
  overdue_seconds: number | null
  deadline_at: Date | null
  last_reason: string | null
  left_to_person: boolean
  /** Clicks that meant it, and how many of them withdrew it. */
  clicks: number
  withdrawn: number
  steps: Step[]
  extra: { sid: string; attempt: number; at: string }[]
  decisions: { actor: string; verb: string; at: string }[]
}

/** One change of state. */
export interface Step {
  at: string
  attempt: number
  from: State
  to: State
  errorCode: number | null
  reason: string | null
  toldBy: 'callback' | 'listing' | 'question' | null
  replica: string | null
}

const STEP = `jsonb_build_object('at', sync.instant(s.at), 'attempt', s.attempt, 'from', s.from_state, 'to', s.state, 'errorCode', s.error_code,
  'reason', s.reason, 'toldBy', s.told_by, 'replica', s.replica)`

/** Columns of `FoundSms` from `sync.sms_messages m` and `sync.sms_dispatch d`. */
export const SMS_FIELDS = `
  m.id, m.org_id as tenant, m.lead_id, m.state, m.error_code, m.error_message, m.created_at, m.sent_at,
  right(d.to_number, 4) as to_ends, d.sid, d.attempt, d.due_at, d.deadline_at, d.last_reason,
  extract(epoch from clock_timestamp() - d.due_at)::float8 as overdue_seconds,
  coalesce(d.sms_id is not null and sync.is_sms_left_to_person(m, d), false) as left_to_person,
  (select count(*)::int from sync.sms_clicks c where c.sms_id = m.id) as clicks,
  (select count(*)::int from sync.sms_clicks c where c.sms_id = m.id and c.withdrawn) as withdrawn,
  coalesce((select jsonb_agg(${STEP} order by s.seq) from sync.sms_steps s where s.sms_id = m.id), '[]') as steps,
  coalesce((select jsonb_agg(jsonb_build_object('sid', x.sid, 'attempt', x.attempt, 'at', sync.instant(x.seen_at)) order by x.seen_at)
    from sync.sms_extra_sids x where x.sms_id = m.id), '[]') as extra,
  coalesce((select jsonb_agg(jsonb_build_object('actor', a.actor, 'verb', a.verb, 'at', sync.instant(a.at)) order by a.seq)
    from sync.audit a where a.about_kind = 'sms' and a.about = m.id and a.verb <> 'inspect'), '[]') as decisions`
