-- Reading the change log by cursor, its epoch, and what retention takes away.
insert into sync.migrations (version, name) values ('20261122090600', 'create_change_functions');

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

create function sync.change_json(p_change sync.change_log) returns jsonb
language sql stable
return jsonb_build_object(
  'table', p_change.table_name, 'eventType', p_change.op, 'version', p_change.version, 'new', p_change."row",
  'old', case when p_change.op <> 'INSERT' then jsonb_build_object('id', p_change.pk) end,
  'origin', jsonb_build_object('actor', p_change.actor, 'mutationKey', p_change.mutation_key));

-- One page for one organisation. Stable: everything in it is read in one snapshot.
-- p_epoch null with p_given: the cursor could not be read, which counts as gone.
create function sync.read_changes(p_tenant text, p_epoch text, p_xid xid8, p_seq bigint, p_limit integer, p_given boolean) returns jsonb
language plpgsql stable
as $$
declare
  v_epoch sync.epoch;
  v_horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
  v_held_back timestamptz;
  v_changes jsonb := '[]';
  v_next text;
  v_count integer := 0;
begin
  select * into strict v_epoch from sync.epoch;
  if p_given and (p_epoch is distinct from v_epoch.epoch or p_xid > pg_snapshot_xmax(pg_current_snapshot()) or p_xid <= v_epoch.trimmed_xid) then
    return jsonb_build_object('gone', true, 'epoch', v_epoch.epoch);
  end if;
  if p_given then
    with page as (
      select c from sync.change_log c
      where c.org_id = p_tenant and (c.xid, c.seq) > (p_xid, p_seq) and c.xid < v_horizon
      order by c.xid, c.seq
      limit p_limit + 1
    ), shown as (select p.c from page p limit p_limit)
    select coalesce(jsonb_agg(sync.change_json(s.c) order by (s.c).xid, (s.c).seq), '[]'), (select count(*) from page),
      (select (l.c).xid || '.' || (l.c).seq from shown l order by (l.c).xid desc, (l.c).seq desc limit 1)
    into v_changes, v_count, v_next
    from shown s;
  end if;
  -- Committed, but hidden behind a transaction that is still open.
  select c.changed_at into v_held_back from sync.change_log c
  where c.org_id = p_tenant and c.xid >= v_horizon order by c.xid, c.seq limit 1;
  return jsonb_build_object(
    'gone', false, 'changes', v_changes, 'hasMore', v_count > p_limit,
    -- Past the last page everything below the horizon was seen, other organisations' rows included.
    'next', v_epoch.epoch || '.' || case when v_count > p_limit then v_next else v_horizon || '.0' end,
    'horizonLagMs', coalesce(greatest(floor(extract(epoch from clock_timestamp() - v_held_back) * 1000), 0), 0),
    'epoch', v_epoch.epoch);
end
$$;

-- One page for the feed that serves all organisations; without a place, where to begin.
create function sync.read_feed(p_xid xid8, p_seq bigint, p_limit integer default 500) returns jsonb
language plpgsql stable
as $$
declare
  v_horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
  v_result jsonb;
begin
  with page as (
    select c from sync.change_log c
    where (c.xid, c.seq) > (p_xid, p_seq) and c.xid < v_horizon
    order by c.xid, c.seq
    limit p_limit
  ), last as (select (p.c).xid, (p.c).seq from page p order by (p.c).xid desc, (p.c).seq desc limit 1)
  select jsonb_build_object(
    'changes', coalesce(jsonb_agg(
      jsonb_build_object('tenant', (p.c).org_id, 'change', sync.change_json(p.c)) order by (p.c).xid, (p.c).seq), '[]'),
    'hasMore', count(*) = p_limit,
    'xid', case when count(*) = p_limit then (select l.xid::text from last l) else v_horizon::text end,
    'seq', case when count(*) = p_limit then (select l.seq::text from last l) else '0' end)
  into v_result
  from page p;
  return v_result;
end
$$;

-- Retention, in batches small enough never to hold up a click. Each returns how many rows went.
create function sync.delete_old_ledger(p_batch integer) returns integer
language plpgsql volatile
as $$
declare
  v_deleted integer;
begin
  delete from sync.ledger l using (
    select o.tenant, o.actor, o.key from sync.ledger o, sync.settings s
    -- A day longer than promised: clocks of clients differ from ours.
    where o.created_at < now() - s.ledger_retention - interval '1 day'
    order by o.created_at
    limit p_batch
    for update of o skip locked
  ) old
  where l.tenant = old.tenant and l.actor = old.actor and l.key = old.key;
  get diagnostics v_deleted = row_count;
  return v_deleted;
end
$$;

create function sync.delete_old_changes(p_batch integer) returns integer
language plpgsql volatile
as $$
declare
  v_deleted integer;
  v_trimmed xid8;
begin
  with oldest as (
    select c.xid, c.seq, c.changed_at from sync.change_log c order by c.xid, c.seq limit p_batch for update skip locked
  ), gone as (
    delete from sync.change_log c using oldest o, sync.settings s
    where c.xid = o.xid and c.seq = o.seq and o.changed_at < now() - s.change_log_retention
    returning c.xid
  )
  select count(*), max(g.xid) into v_deleted, v_trimmed from gone g;
  if v_deleted > 0 then
    -- In the same transaction: no reader may miss a row without being told.
    update sync.epoch e set trimmed_xid = greatest(e.trimmed_xid, v_trimmed);
  end if;
  return v_deleted;
end
$$;

create function sync.delete_old_sms_dispatch(p_batch integer) returns integer
language plpgsql volatile
as $$
declare
  v_deleted integer;
begin
  delete from sync.sms_dispatch d using (
    select o.sms_id from sync.sms_dispatch o, sync.settings s
    where o.created_at < now() - s.ledger_retention - interval '1 day' and o.due_at is null
    order by o.created_at
    limit p_batch
    for update of o skip locked
  ) old
  where d.sms_id = old.sms_id;
  get diagnostics v_deleted = row_count;
  return v_deleted;
end
$$;
