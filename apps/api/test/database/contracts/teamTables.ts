import { randomUUID } from 'node:crypto'
import type { Database, SqlRow } from '../../../src/engine/database/Database.js'
import type { MappedTables } from './crmTables.js'

const ORG = '0f0e0d0c-0000-4000-8000-000000000001'
const OTHER_ORG = '0f0e0d0c-0000-4000-8000-000000000002'
const org = (tenant: string | undefined) => tenant ?? ORG

/** A team's tables: uuids, words of their own, a dropped column, a trigger that writes an audit, and row-level security. */
const TABLES = `
  create schema if not exists crm;
  create schema if not exists cal;
  create type crm.stage as enum ('lead', 'contacted', 'qualified', 'proposal_sent', 'negotiating', 'customer', 'lost', 'archived');
  create table crm.contacts (
    legacy text,
    contact_id uuid primary key default gen_random_uuid(),
    account_id uuid not null,
    full_name varchar(80) not null,
    stage crm.stage not null default 'lead',
    stage_since timestamptz,
    mobile text
  );
  alter table crm.contacts drop column legacy;
  create index on crm.contacts (account_id, contact_id);
  create table crm.audit (contact_id uuid, stage crm.stage);
  create function crm.write_audit() returns trigger language plpgsql as $$
  begin
    insert into crm.audit values (new.contact_id, new.stage);
    return null;
  end
  $$;
  create trigger write_audit after update on crm.contacts for each row execute function crm.write_audit();
  create table cal.events (
    event_id uuid primary key default gen_random_uuid(),
    account_id uuid not null,
    subject text not null,
    starts_at timestamptz not null,
    state text not null constraint events_state check (state in ('open', 'firm', 'cancelled', 'completed')),
    contact_id uuid references crm.contacts,
    remarks text,
    firm_at timestamptz,
    firm_by text
  );
  create index on cal.events (account_id, event_id);
`

export const USE_TEAM_TABLES = `
  call sync.use_leads('crm.contacts', p_id => 'contact_id', p_tenant => 'account_id', p_name => 'full_name', p_phone => 'mobile',
    p_status => 'stage', p_status_changed_at => 'stage_since', p_statuses => '{"new": "lead", "won": "customer"}');
  call sync.use_appointments('cal.events', p_id => 'event_id', p_tenant => 'account_id', p_title => 'subject', p_scheduled_at => 'starts_at',
    p_lead => 'contact_id', p_notes => 'remarks', p_status => 'state', p_confirmed_at => 'firm_at', p_confirmed_by => 'firm_by',
    p_statuses => '{"pending": "open", "confirmed": "firm"}');
`

/** The tables of a team that had its own before; crm's are taken back where they stand. */
export const teamTables: MappedTables = {
  name: 'mapped tables with uuids',
  ana: { actor: 'user-456', tenant: ORG },
  ben: { actor: 'user-789', tenant: ORG },
  eve: { actor: 'user-999', tenant: OTHER_ORG },
  async prepare(database) {
    await database.script(
      `call sync.untrack_table('public.leads'); call sync.untrack_table('public.appointments'); ${TABLES} ${USE_TEAM_TABLES}`,
    )
  },
  async aLead(database, { org: tenant, status = 'new', phone = '+12025550123' } = {}) {
    const stage = { new: 'lead', won: 'customer' }[status] ?? status
    const [row] = await database.write<{ id: string } & SqlRow>(
      `insert into crm.contacts (account_id, full_name, mobile, stage) values ($1::uuid, 'Anna Kim', $2, $3::crm.stage) returning contact_id::text as id`,
      [org(tenant), phone, stage],
    )
    return row?.id ?? ''
  },
  async aThousandLeads(database) {
    const rows = await database.write<{ id: string } & SqlRow>(
      `insert into crm.contacts (account_id, full_name) select $1::uuid, 'Lead ' || n from generate_series(1, 1000) n returning contact_id::text as id`,
      [ORG],
    )
    return rows.map(({ id }) => id)
  },
  async anAppointment(database, { org: tenant, status = 'pending' } = {}) {
    const id = randomUUID()
    const state = { pending: 'open', confirmed: 'firm' }[status] ?? status
    await database.write(
      `insert into cal.events (event_id, account_id, subject, starts_at, state) values ($1::uuid, $2::uuid, 'First consultation', now(), $3)`,
      [id, org(tenant), state],
    )
    return id
  },
  async versionOf(database: Database, table, id) {
    const [from, column] = table === 'leads' ? ['crm.contacts', 'contact_id'] : ['cal.events', 'event_id']
    const [row] = await database.query<{ version: number } & SqlRow>(
      `select sync_version::int as version from ${from} where ${column} = $1::uuid`,
      [id],
    )
    return row?.version ?? 0
  },
}
