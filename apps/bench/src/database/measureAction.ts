import { randomUUID } from 'node:crypto'
import { runAction } from '@org/api'
import type { IdempotencyKey } from '@org/contracts'
import type pg from 'pg'
import { median, timed } from './timed.js'

type Database = Parameters<typeof runAction>[0]

const ROUNDS = 20
const CALLS = 50
const DAY_MS = 24 * 60 * 60 * 1_000

const PLAIN_UPDATE = `update public.plain_appointments
  set status = 'confirmed', confirmed_at = now(), confirmed_by = 'user-456', sync_version = sync_version + 1
  where id = $1 and org_id = 'org-1' and status = 'pending' returning *`

/** An action with its ledger row, change log and answer beside the plain update in a transaction, in turns. Medians in µs. */
export async function measureAction(database: Database, session: pg.Client) {
  const plain: number[] = []
  const action: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const ids = Array.from({ length: CALLS }, (_, index) => `apt-${round * CALLS + index + 1}`)
    for (const id of ids) plain.push(await timed(() => plainUpdate(session, id)))
    for (const id of ids) action.push(await timed(() => confirm(database, id)))
  }
  const [plainUs, actionUs] = [median(plain) * 1_000, median(action) * 1_000]
  return { calls: ROUNDS * CALLS, plainUs, actionUs, ratio: actionUs / plainUs }
}

async function plainUpdate(session: pg.Client, id: string): Promise<void> {
  await session.query('begin')
  await session.query(PLAIN_UPDATE, [id])
  await session.query('commit')
}

async function confirm(database: Database, appointmentId: string): Promise<void> {
  const call = {
    caller: { actor: 'user-456', tenant: 'org-1' },
    actionName: 'booking.confirm',
    key: randomUUID() as IdempotencyKey,
    fingerprint: `v1:${'0'.repeat(64)}`,
    request: { appointmentId },
    ageMs: 0,
    createdAtMs: Date.now(),
    ttlMs: DAY_MS,
  }
  const { status } = await runAction(database, { effect: 'confirm_booking', call })
  if (status !== 200) throw new Error(`confirming ${appointmentId} answered ${status}`)
}
