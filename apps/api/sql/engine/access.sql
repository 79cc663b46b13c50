-- Who may use the inside: the owner, and whoever was granted sync_runtime (a role of the whole server, which the
-- owner hands to the role the API connects as: `grant sync_runtime to my_api`).

do $$
begin
  if to_regrole('sync_runtime') is null then
    create role sync_runtime nologin;
  end if;
exception
  -- Another database of this server was faster.
  when duplicate_object or unique_violation then null;
end
$$;

-- The organisations whose rows a browser's own token may read, through Realtime and where a team grants it: here the claim
-- app_metadata.org_id. The one place where policies ask. A deployment with another claim, or with a table of memberships,
-- replaces it (`create or replace`, `security definer` where the table is not the browser's to read), and its twin in the
-- API: TENANT_CLAIM, `tenantOf` or `caller`.
create function sync.caller_tenants() returns setof text
language sql stable
as $$ select auth.jwt() -> 'app_metadata' ->> 'org_id' $$;

-- Whether the caller may hear a channel: whole names are compared, since an organisation's id may hold colons too. The name
-- of a table has none.
create function sync.may_hear(p_topic text) returns boolean
language sql stable
return exists (select from sync.caller_tenants() t (tenant) where p_topic = concat('sync:', split_part(p_topic, ':', 2), ':', t.tenant) and t.tenant is not null);

-- Last in each migration that makes something here: functions are open to everybody by default.
create procedure sync.close_inside()
language plpgsql
as $$
begin
  revoke all on all tables in schema sync from public, anon, authenticated;
  revoke all on all routines in schema sync from public, anon, authenticated;
  grant usage on schema sync to sync_runtime;
  grant select, insert, update, delete on all tables in schema sync to sync_runtime;
  grant execute on all routines in schema sync to sync_runtime;
  -- Policies run as whoever reads.
  grant execute on function sync.caller_tenants(), sync.may_hear(text) to authenticated;
end
$$;
