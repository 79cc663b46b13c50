-- Made by scripts/makeMigrations.mjs from sql/; change it there. Seal: c8a98db5a9d6b64d367c9b29ad86a646b9f20a1c736b0e768ced483a29b12293

-- sql/modules/crm/leads.sql

-- A table of leads for whoever has none, mapped as any team's own would be.

create table public.leads (
  id text collate "C" primary key constraint leads_id_length check (length(id) between 1 and 128),
  org_id text collate "C" not null,
  name text not null,
  phone text,
  -- One of sync.lead_statuses, which the action looks at.
  status text not null default 'new',
  status_changed_at timestamptz
) with (fillfactor = 80);
create index leads_by_org on public.leads (org_id, id);

call sync.use_leads('public.leads');

-- Browsers read it through the API and hear of it by Broadcast alone: with their own tokens they may nothing here. Supabase
-- grants everything on new tables to the browser's roles.
alter table public.leads enable row level security;
revoke all on public.leads from public, anon, authenticated;
grant select, insert, update, delete on public.leads to service_role, sync_runtime;
-- The API names the organisation in each of its statements.
create policy leads_run_by_api on public.leads to sync_runtime using (true) with check (true);

-- sql/modules/crm/appointments.sql

-- A table of appointments for whoever has none, mapped as any team's own would be.

create table public.appointments (
  id text collate "C" primary key constraint appointments_id_length check (length(id) between 1 and 128),
  org_id text collate "C" not null,
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

call sync.use_appointments('public.appointments');

-- Browsers read it through the API and hear of it by Broadcast alone: with their own tokens they may nothing here. Supabase
-- grants everything on new tables to the browser's roles.
alter table public.appointments enable row level security;
revoke all on public.appointments from public, anon, authenticated;
grant select, insert, update, delete on public.appointments to service_role, sync_runtime;
-- The API names the organisation in each of its statements.
create policy appointments_run_by_api on public.appointments to sync_runtime using (true) with check (true);

-- What stands here now, and the oldest code that may run on it: the newest version that code must know.
create or replace function sync.crm_schema_version() returns jsonb
language sql immutable
return jsonb_build_object('version', '20261129090400', 'oldestCode', '20261129090400');
call sync.close_inside();
