-- Which life of the database cursors belong to.

-- The server and its timeline; both "hidden" where the host hides them.
create function sync.server_life(out system_identifier text, out timeline text)
language plpgsql stable
as $$
begin
  select c.system_identifier::text, left(pg_walfile_name(pg_current_wal_lsn()), 8)
  into system_identifier, timeline from pg_control_system() c;
exception when others then
  system_identifier := 'hidden';
  timeline := 'hidden';
end
$$;

-- Settles the epoch at the start of an API process. A new one is made at the first start, after a
-- restore into another server or timeline, and when the log knows transactions this server has not
-- reached yet. Locks the epoch, so that replicas starting together agree.
create function sync.open_epoch() returns text
language plpgsql volatile
as $$
declare
  v_life record;
  v_epoch sync.epoch;
begin
  select * into v_life from sync.server_life();
  perform sync.limit_waits();
  lock table sync.epoch in share row exclusive mode;
  select * into v_epoch from sync.epoch;
  if found and v_epoch.system_identifier = v_life.system_identifier and v_epoch.timeline = v_life.timeline
    and v_epoch.floor_xid < pg_snapshot_xmax(pg_current_snapshot())
    -- One statement, one snapshot: a commit in between must not look like the future.
    and not exists (select from sync.change_log c where c.xid >= pg_snapshot_xmax(pg_current_snapshot())) then
    return v_epoch.epoch;
  end if;
  return sync.renew_epoch(v_life.system_identifier, v_life.timeline);
end
$$;

-- Callers: each new connection of the API. A server that took over, or was put back to an earlier point, goes on on
-- another timeline; the API's processes need not have noticed more than a lost connection. True when a new epoch began.
create function sync.settle_timeline() returns boolean
language plpgsql volatile
as $$
declare
  v_epoch sync.epoch;
begin
  select * into v_epoch from sync.epoch;
  if not found or exists (
    select from sync.server_life() l where l.system_identifier = v_epoch.system_identifier and l.timeline = v_epoch.timeline
  ) then
    return false;
  end if;
  return sync.open_epoch() <> v_epoch.epoch;
end
$$;

-- Starts another epoch: every client reads all rows again. To be called by hand after a restore that
-- leaves no trace (a disk snapshot put back).
create function sync.renew_epoch(p_system text default null, p_timeline text default null) returns text
language plpgsql volatile
as $$
declare
  v_life record;
  v_epoch text := left(replace(gen_random_uuid()::text, '-', ''), 16);
begin
  select coalesce(p_system, l.system_identifier) as system_identifier, coalesce(p_timeline, l.timeline) as timeline
  into v_life from sync.server_life() l;
  perform sync.commit_durably();
  -- Transaction numbers of another life would sort among those to come.
  delete from sync.change_log;
  insert into sync.epoch as e (epoch, system_identifier, timeline, secret, floor_xid, floor_seq, floor_at)
  values (v_epoch, v_life.system_identifier, v_life.timeline, gen_random_uuid()::text || gen_random_uuid()::text, '0', 0, clock_timestamp())
  on conflict (only_row) do update
  set epoch = excluded.epoch, system_identifier = excluded.system_identifier, timeline = excluded.timeline, secret = excluded.secret,
    floor_xid = excluded.floor_xid, floor_seq = excluded.floor_seq, floor_at = excluded.floor_at, opened_at = now();
  return v_epoch;
end
$$;
