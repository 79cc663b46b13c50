-- What operators and service accounts looked up of people's clicks, and what they changed by hand. Written before anything is
-- shown, so that there is no look without its record.

create table sync.audit (
  seq bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  -- Through the API, whom its verified token names; through org-api, whom the operator's machine names, which proves nothing:
  -- `role` is what the database knows.
  actor text not null,
  door text not null constraint audit_door check (door in ('api', 'org-api')),
  role text not null default session_user,
  verb text not null,
  -- Whose records: null means of every organisation.
  tenant text collate "C",
  about_kind text not null,
  about text collate "C" not null,
  replica text default sync.replica()
);
create index audit_at on sync.audit (at);
create index audit_about on sync.audit (about);

-- BEFORE UPDATE OR DELETE on audit: whoever looks cannot take back that they looked.
create function sync.keep_audit() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'DELETE' and old.at < now() - (select s.audit_retention from sync.settings s) then
    return old;
  end if;
  raise exception using errcode = 'SY003', message = 'The audit of sync is only added to, and emptied by its retention.';
end
$$;
create trigger keep_audit before update or delete on sync.audit
  for each row execute function sync.keep_audit();

create function sync.record_audit(p_actor text, p_door text, p_verb text, p_tenant text, p_about_kind text, p_about text) returns void
language sql volatile
as $$
  insert into sync.audit (actor, door, verb, tenant, about_kind, about)
  values (p_actor, p_door, p_verb, p_tenant, p_about_kind, p_about);
$$;

create function sync.delete_old_audit(p_batch integer) returns integer
language plpgsql volatile
as $$
declare
  v_deleted integer;
begin
  delete from sync.audit a using (
    select o.seq from sync.audit o, sync.settings s
    where o.at < now() - s.audit_retention
    order by o.at
    limit p_batch
    for update of o skip locked
  ) old
  where a.seq = old.seq;
  get diagnostics v_deleted = row_count;
  return v_deleted;
end
$$;
