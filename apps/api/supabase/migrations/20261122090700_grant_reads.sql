-- What the browser may do with its own token, through PostgREST and Realtime: read its organisation's
-- rows. It writes none: every write goes through the API. The organisation is the claim
-- app_metadata.org_id; a deployment whose TENANT_CLAIM differs replaces these three policies.
insert into sync.migrations (version, name) values ('20261122090700', 'grant_reads');

alter table public.leads enable row level security;
alter table public.appointments enable row level security;
alter table public.sms_messages enable row level security;

-- Supabase grants everything on new tables to the browser's roles; take it back.
revoke all on public.leads, public.appointments, public.sms_messages from public, anon, authenticated;
grant select on public.leads, public.appointments, public.sms_messages to authenticated;
grant select, insert, update, delete on public.leads, public.appointments, public.sms_messages to service_role;

-- The sub-select is evaluated once a statement, not once a row.
create policy leads_read_own_organisation on public.leads for select to authenticated
  using (org_id = (select auth.jwt() -> 'app_metadata' ->> 'org_id'));
create policy appointments_read_own_organisation on public.appointments for select to authenticated
  using (org_id = (select auth.jwt() -> 'app_metadata' ->> 'org_id'));
create policy sms_messages_read_own_organisation on public.sms_messages for select to authenticated
  using (org_id = (select auth.jwt() -> 'app_metadata' ->> 'org_id'));

-- Nobody but the owner, whom the API connects as, may use the inside.
revoke all on all tables in schema sync from public, anon, authenticated, service_role;
revoke all on all functions in schema sync from public, anon, authenticated, service_role;
revoke all on all procedures in schema sync from public, anon, authenticated, service_role;

-- A backend with the service role writes rows directly; the triggers then write in its name.
grant usage on schema sync to service_role;
grant insert on sync.change_log to service_role;
grant select, insert, update on sync.tombstones to service_role;
grant execute on function sync.instant, sync.row_json(public.leads), sync.row_json(public.appointments), sync.row_json(public.sms_messages)
  to service_role;

alter publication supabase_realtime add table public.leads, public.appointments, public.sms_messages;
