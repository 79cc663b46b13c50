import type { Registry } from 'prom-client'
import type { Database, SqlRow } from '../../engine/database/Database.js'
import { gaugesOf } from '../../engine/telemetry/gaugesOf.js'

/** Over the index of what is due: rows that are done are never read. */
const READ_BACKLOG = `
  select count(*)::int as count, coalesce(extract(epoch from clock_timestamp() - min(m.created_at)), 0)::float8 as "oldestSeconds"
  from sync.sms_dispatch d join sync.sms_messages m on m.id = d.sms_id
  where d.due_at is not null and m.state in ('pending', 'sending', 'indeterminate')`

type Backlog = { count: number; oldestSeconds: number } & SqlRow

/** How many SMS the server still owes an answer for, and since when. */
export function smsBacklogMetrics(registry: Registry, database: Database): void {
  gaugesOf(registry, () => database.query<Backlog>(READ_BACKLOG), [
    {
      name: 'sms_backlog',
      help: 'SMS that wait to be sent, are being sent, or whose fate is being looked up; those left to a person are not counted.',
      values: ([row]) => ({ '': row?.count ?? null }),
    },
    {
      name: 'sms_backlog_oldest_seconds',
      help: 'Age of the oldest of them; 0 when there is none.',
      values: ([row]) => ({ '': row?.oldestSeconds ?? null }),
    },
  ])
}
