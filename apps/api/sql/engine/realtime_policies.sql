-- Who may hear what is broadcast, where Supabase Realtime is. Called below if it is there by now; else by whoever adds it
-- later, until which every channel of ours is refused. May be called again. Locks realtime.messages exclusively for a moment.
create procedure sync.open_realtime()
language plpgsql
as $$
begin
  if to_regclass('realtime.messages') is null then
    raise exception 'There is no table realtime.messages in this database: start Supabase Realtime on it first, then call sync.open_realtime() again.'
      using errcode = 'undefined_table';
  end if;
  if not (select c.relrowsecurity from pg_class c where c.oid = to_regclass('realtime.messages')) then
    raise exception 'Row-level security is off on realtime.messages, so everybody would hear every organisation. Say: alter table realtime.messages enable row level security; then call sync.open_realtime() again.'
      using errcode = 'object_not_in_prerequisite_state';
  end if;
  drop policy if exists sync_hear on realtime.messages;
  create policy sync_hear on realtime.messages for select to authenticated
    using (extension = 'broadcast' and topic = realtime.topic() and sync.may_hear(topic));
  -- Whatever a policy of the team's allows: no other organisation's channel is heard, and nobody but the database speaks on one.
  drop policy if exists sync_hear_no_other on realtime.messages;
  create policy sync_hear_no_other on realtime.messages as restrictive for select to authenticated
    using (not starts_with(topic, 'sync:') or sync.may_hear(topic));
  drop policy if exists sync_hear_signed_in on realtime.messages;
  create policy sync_hear_signed_in on realtime.messages as restrictive for select to anon using (not starts_with(topic, 'sync:'));
  drop policy if exists sync_never_speak on realtime.messages;
  create policy sync_never_speak on realtime.messages as restrictive for insert to anon, authenticated with check (not starts_with(topic, 'sync:'));
end
$$;

do $$
begin
  if to_regclass('realtime.messages') is not null then
    call sync.open_realtime();
  end if;
exception when insufficient_privilege or object_not_in_prerequisite_state then
  raise warning 'Browsers will not be told of changes at once, and ask for them: %. Call sync.open_realtime() as a role that may create policies on realtime.messages.', sqlerrm;
end
$$;
