import type { Registry } from 'prom-client'
import type { Database, SqlRow } from '../../engine/database/Database.js'
import { gaugesOf } from '../../engine/telemetry/gaugesOf.js'

/** SMS that wait for something. */
interface Backlog extends SqlRow {
  /** `pending`, `sending`, `indeterminate`, or `unreported`: the carrier has it and its end is not known. */
  state: string
  messages: number
  oldest_seconds: number
}

/** How many SMS wait, for what, and since when. Those left to a person count as `indeterminate`. */
export function smsBacklogMetrics(registry: Registry, database: Database): void {
  const byState = (rows: readonly Backlog[], figure: 'messages' | 'oldest_seconds') =>
    Object.fromEntries(rows.map((row) => [row.state, row[figure]]))
  gaugesOf(registry, () => database.query<Backlog>('select * from sync.sms_backlog()'), [
    {
      name: 'sms_backlog',
      help: 'SMS that wait: to be sent, being sent, of unknown fate, or for the report on their end.',
      label: 'state',
      values: (rows) => byState(rows, 'messages'),
    },
    {
      name: 'sms_backlog_oldest_seconds',
      help: 'Age of the oldest of them; 0 when there is none.',
      label: 'state',
      values: (rows) => byState(rows, 'oldest_seconds'),
    },
  ])
}
