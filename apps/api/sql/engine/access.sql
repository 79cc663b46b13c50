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
end
$$;
