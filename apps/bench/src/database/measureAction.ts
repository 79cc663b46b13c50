import { runAction } from '@org/api'
import type { IdempotencyKey } from '@org/contracts'
import type pg from 'pg'
import { inTurns } from './timed.js'

type Database = Parameters<typeof runAction>[0]

const ROUNDS = 40
const CALLS = 25
const WARM_UP = 500
const DAY_MS = 24 * 60 * 60 * 1_000

const PLAIN_UPDATE = `update public.plain_appointments
  set status = 'confirmed', confirmed_at = now(), confirmed_by = 'user-456', sync_version = sync_version + 1
  where id = $1 and org_id = 'org-1' and status = 'pending' returning *`

/** An action with its ledger row, change log and answer beside the plain update in a transaction, in turns. Medians in µs. */
export async function measureAction(database: Database, session: pg.Client) {
  const { plain, action } = await inTurns(
    { plain: (nth) => plainUpdate(session, `apt-${nth}`), action: (nth, key) => confirm(database, `apt-${nth}`, key) },
    { rounds: ROUNDS, calls: CALLS, warmUp: WARM_UP },
  )
  return { calls: ROUNDS * CALLS, plainUs: plain.us, actionUs: action.us, ratio: action.ratio, between: action.between }
}

async function plainUpdate(session: pg.Client, id: string): Promise<void> {
  await session.query('begin')
  const { rowCount } = await session.query(PLAIN_UPDATE, [id])
  await session.query('commit')
  if (rowCount !== 1) throw new Error(`the plain update of ${id} changed ${rowCount} rows`)
}

async function confirm(database: Database, appointmentId: string, key: IdempotencyKey): Promise<void> {
  const call = {
    caller: { actor: 'user-456', tenant: 'org-1' },
    actionName: 'booking.confirm',
    key,
    fingerprint: `v1:${'0'.repeat(64)}`,
    request: { appointmentId },
    ageMs: 0,
    createdAtMs: Date.now(),
    ttlMs: DAY_MS,
  }
  const { status } = await runAction(database, { effect: 'confirm_booking', call })
  if (status !== 200) throw new Error(`confirming ${appointmentId} answered ${status}`)
}
