-- Made by scripts/makeMigrations.mjs from sql/; change it there.

-- sql/modules/crm/leads.sql

-- One of the tables clients see, as packages/contracts/src/rows describes it.

create table public.leads (
  id text collate "C" primary key constraint leads_id_length check (length(id) between 1 and 128),
  org_id text collate "C" not null,
  version bigint not null default 0,
  updated_by text,
  updated_at timestamptz not null default now(),
  last_mutation_key text,
  name text not null,
  phone text,
  status text not null default 'new' constraint leads_status
    check (status in ('new', 'contacted', 'qualified', 'proposal_sent', 'negotiating', 'won', 'lost')),
  status_changed_at timestamptz
) with (fillfactor = 80);
create index leads_by_org on public.leads (org_id, id);

-- The row as clients read it. One function per table, so that the change log, answers and lists agree.
create function sync.row_json(p_row public.leads) returns jsonb
language sql stable
return jsonb_build_object(
  'id', p_row.id, 'org_id', p_row.org_id, 'version', p_row.version, 'updated_by', p_row.updated_by,
  'updated_at', sync.instant(p_row.updated_at), 'last_mutation_key', p_row.last_mutation_key,
  'name', p_row.name, 'phone', p_row.phone, 'status', p_row.status,
  'status_changed_at', sync.instant(p_row.status_changed_at));

call sync.track_table('public.leads');

-- What the browser may do with its own token, through PostgREST and Realtime: read its organisation's rows. It writes
-- none: every write goes through the API. The organisation is the claim app_metadata.org_id; a deployment whose
-- TENANT_CLAIM differs replaces this policy. Supabase grants everything on new tables to the browser's roles.
alter table public.leads enable row level security;
revoke all on public.leads from public, anon, authenticated;
grant select on public.leads to authenticated;
grant select, insert, update, delete on public.leads to service_role, sync_runtime;
-- The sub-select is evaluated once a statement, not once a row.
create policy leads_read_own_organisation on public.leads for select to authenticated
  using (org_id = (select auth.jwt() -> 'app_metadata' ->> 'org_id'));
-- The API names the organisation in each of its statements.
create policy leads_run_by_api on public.leads to sync_runtime using (true) with check (true);
grant execute on function sync.row_json(public.leads) to service_role;
alter publication supabase_realtime add table public.leads;

-- sql/modules/crm/appointments.sql

-- One of the tables clients see, as packages/contracts/src/rows describes it.

create table public.appointments (
  id text collate "C" primary key constraint appointments_id_length check (length(id) between 1 and 128),
  org_id text collate "C" not null,
  version bigint not null default 0,
  updated_by text,
  updated_at timestamptz not null default now(),
  last_mutation_key text,
  title text not null,
  scheduled_at timestamptz not null,
  status text not null default 'pending' constraint appointments_status
    check (status in ('pending', 'confirmed', 'cancelled', 'completed')),
  lead_id text collate "C" references public.leads (id) on delete set null,
  notes text,
  confirmed_at timestamptz,
  confirmed_by text
) with (fillfactor = 80);
create index appointments_by_org on public.appointments (org_id, id);
create index appointments_by_lead on public.appointments (lead_id);

create function sync.row_json(p_row public.appointments) returns jsonb
language sql stable
return jsonb_build_object(
  'id', p_row.id, 'org_id', p_row.org_id, 'version', p_row.version, 'updated_by', p_row.updated_by,
  'updated_at', sync.instant(p_row.updated_at), 'last_mutation_key', p_row.last_mutation_key,
  'title', p_row.title, 'scheduled_at', sync.instant(p_row.scheduled_at), 'status', p_row.status,
  'lead_id', p_row.lead_id, 'notes', p_row.notes,
  'confirmed_at', sync.instant(p_row.confirmed_at), 'confirmed_by', p_row.confirmed_by);

call sync.track_table('public.appointments');

-- What the browser may do with its own token, through PostgREST and Realtime: read its organisation's rows. It writes
-- none: every write goes through the API. The organisation is the claim app_metadata.org_id; a deployment whose
-- TENANT_CLAIM differs replaces this policy. Supabase grants everything on new tables to the browser's roles.
alter table public.appointments enable row level security;
revoke all on public.appointments from public, anon, authenticated;
grant select on public.appointments to authenticated;
grant select, insert, update, delete on public.appointments to service_role, sync_runtime;
-- The sub-select is evaluated once a statement, not once a row.
create policy appointments_read_own_organisation on public.appointments for select to authenticated
  using (org_id = (select auth.jwt() -> 'app_metadata' ->> 'org_id'));
-- The API names the organisation in each of its statements.
create policy appointments_run_by_api on public.appointments to sync_runtime using (true) with check (true);
grant execute on function sync.row_json(public.appointments) to service_role;
alter publication supabase_realtime add table public.appointments;

-- What stands here now, and the oldest code that may run on it: the newest version that code must know.
create or replace function sync.crm_schema_version() returns jsonb
language sql immutable
return jsonb_build_object('version', '20261129090100', 'oldestCode', '20261129090100');
call sync.close_inside();
