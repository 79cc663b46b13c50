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
