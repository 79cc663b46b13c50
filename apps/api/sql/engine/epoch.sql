-- Which life of the database cursors belong to.

-- Settles the epoch at the start of an API process. A new one is made at the first start, after a
-- restore into another server or timeline, and when the log knows transactions this server has not
-- reached yet. Locks the epoch, so that replicas starting together agree.
create function sync.open_epoch() returns text
language plpgsql volatile
as $$
declare
  v_system text;
  v_timeline text;
  v_epoch sync.epoch;
begin
  begin
    select c.system_identifier::text, left(pg_walfile_name(pg_current_wal_lsn()), 8) into v_system, v_timeline from pg_control_system() c;
  exception when others then
    -- Some hosts hide both; what remains are the log's own transactions.
    v_system := 'hidden';
    v_timeline := 'hidden';
  end;
  perform sync.limit_waits();
  lock table sync.epoch in share row exclusive mode;
  select * into v_epoch from sync.epoch;
  if found and v_epoch.system_identifier = v_system and v_epoch.timeline = v_timeline
    -- One statement, one snapshot: a commit in between must not look like the future.
    and not exists (select from sync.change_log c where c.xid >= pg_snapshot_xmax(pg_current_snapshot())) then
    return v_epoch.epoch;
  end if;
  return sync.renew_epoch(v_system, v_timeline);
end
$$;

-- Starts another epoch: every client reads all rows again. To be called by hand after a restore that
-- leaves no trace (a disk snapshot put back).
create function sync.renew_epoch(p_system text default 'by hand', p_timeline text default 'by hand') returns text
language plpgsql volatile
as $$
declare
  v_epoch text := left(replace(gen_random_uuid()::text, '-', ''), 16);
begin
  -- Transaction numbers of another life would sort among those to come.
  delete from sync.change_log;
  insert into sync.epoch as e (epoch, system_identifier, timeline, trimmed_xid) values (v_epoch, p_system, p_timeline, '0')
  on conflict (only_row) do update
  set epoch = excluded.epoch, system_identifier = excluded.system_identifier, timeline = excluded.timeline, trimmed_xid = '0', opened_at = now();
  return v_epoch;
end
$$;
