import { runAction } from '@org/api'
import type { IdempotencyKey } from '@org/contracts'
import type pg from 'pg'
import { inTurns, type Turns } from './timed.js'

type Database = Parameters<typeof runAction>[0]

const DAY_MS = 24 * 60 * 60 * 1_000
const STATUSES = ['contacted', 'qualified', 'negotiating', 'lost', 'new'] as const
/** Which of them: the first thousand are another measurement's. */
const SINGLE = { from: 1_000, count: 2_000 }
const BULK = { from: 3_000, to: 4_000 }

const TEAM_ORG = '0f0e0d0c-0000-4000-8000-000000000001'

/** A team's own leads: ids and organisations that are uuids, names and words of their own. */
export const TEAM_TABLE = `
  create schema team;
  create table team.contacts (
    contact_id uuid primary key, account_id uuid not null, full_name text not null, stage text not null default 'lead', stage_since timestamptz, mobile text
  ) with (fillfactor = 80);
  create index on team.contacts (account_id, contact_id);
  insert into team.contacts (contact_id, account_id, full_name, mobile)
    select md5(n::text)::uuid, '${TEAM_ORG}', 'Anna Kim', '+12025550123' from generate_series(1, 5000) n;
  call sync.untrack_table('public.leads');
  call sync.use_leads('team.contacts', p_id => 'contact_id', p_tenant => 'account_id', p_name => 'full_name', p_phone => 'mobile',
    p_status => 'stage', p_status_changed_at => 'stage_since', p_statuses => '{"new": "lead", "won": "customer"}')`

/** The same leads in crm's table: a longer id makes a longer answer and a longer change log, whoever's table it is. */
export const CRM_TWINS = `
  insert into public.leads (id, org_id, name, phone)
    select md5(n::text)::uuid::text, '${TEAM_ORG}', 'Anna Kim', '+12025550123' from generate_series(1, 5000) n`

/** The actions on a team's mapped table beside those on the same leads of crm's, in turns. Medians in µs. */
export async function measureMapped(crm: Database, mapped: Database, session: pg.Client) {
  const { rows } = await session.query<{ id: string }>('select contact_id::text as id from team.contacts')
  const ids = rows.map(({ id }) => id)
  const inTurnsWith = (update: typeof updateOne, turns: Turns) =>
    inTurns(
      { crm: (nth, key) => update({ database: crm, ids, key }, nth), mapped: (nth, key) => update({ database: mapped, ids, key }, nth) },
      turns,
    )
  const single = await inTurnsWith(updateOne, { rounds: 20, calls: 25, warmUp: 500 })
  const bulk = await inTurnsWith(updateMany, { rounds: 15, calls: 3, warmUp: 3 })
  return {
    crmUs: single.crm.us,
    mappedUs: single.mapped.us,
    ratio: single.mapped.ratio,
    between: single.mapped.between,
    crmBulkUs: bulk.crm.us,
    mappedBulkUs: bulk.mapped.us,
    bulkRatio: bulk.mapped.ratio,
    bulkBetween: bulk.mapped.between,
  }
}

/** Leads in one database, and the key of one click on them. */
interface Leads {
  database: Database
  ids: readonly string[]
  key: IdempotencyKey
}

// Each contestant has every second number.
const statusOf = (nth: number) => STATUSES[Math.ceil(nth / 2) % STATUSES.length] ?? 'lost'

function updateOne(leads: Leads, nth: number): Promise<void> {
  const leadId = leads.ids[SINGLE.from + (Math.ceil(nth / 2) % SINGLE.count)]
  return run(leads, { effect: 'update_lead_status', request: { leadId, status: 'contacted' } })
}

function updateMany(leads: Leads, nth: number): Promise<void> {
  return run(leads, { effect: 'bulk_update_lead_status', request: { leadIds: leads.ids.slice(BULK.from, BULK.to), status: statusOf(nth) } })
}

async function run({ database, key }: Leads, { effect, request }: { effect: string; request: unknown }): Promise<void> {
  const call = {
    caller: { actor: 'user-456', tenant: TEAM_ORG },
    actionName: `lead.${effect}`,
    key,
    fingerprint: `v1:${'0'.repeat(64)}`,
    request,
    ageMs: 0,
    createdAtMs: Date.now(),
    ttlMs: DAY_MS,
  }
  const { status, body } = await runAction(database, { effect, call })
  if (status !== 200) throw new Error(`${effect} answered ${status}: ${body.slice(0, 200)}`)
}
