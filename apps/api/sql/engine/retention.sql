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

-- Deletes nothing above the horizon (its neighbours may still be uncommitted), and never the newest change: cursors
-- name it.
create function sync.delete_old_changes(p_batch integer) returns integer
language plpgsql volatile
as $$
declare
  v_deleted integer;
  v_xid xid8;
  v_seq bigint;
  v_at timestamptz;
begin
  perform sync.limit_waits();
  -- One trims at a time, and the floor only rises.
  perform from sync.epoch for update;
  with oldest as (
    select c.xid, c.seq, c.changed_at from sync.change_log c
    where c.xid < pg_snapshot_xmin(pg_current_snapshot())
      and (c.xid, c.seq) < (select n.xid, n.seq from sync.change_log n order by n.xid desc, n.seq desc limit 1)
    order by c.xid, c.seq
    limit p_batch
    for update
  ), gone as (
    delete from sync.change_log c using oldest o, sync.settings s
    where c.xid = o.xid and c.seq = o.seq and o.changed_at < now() - s.change_log_retention
    returning c.xid, c.seq, c.changed_at
  ), last as (select g.* from gone g order by g.xid desc, g.seq desc limit 1)
  select count(*), (select l.xid from last l), (select l.seq from last l), (select l.changed_at from last l)
  into v_deleted, v_xid, v_seq, v_at
  from gone;
  -- In the same transaction: no reader may miss a row without being told.
  update sync.epoch e
  set floor_xid = v_xid, floor_seq = v_seq, floor_at = v_at
  where (v_xid, v_seq) > (e.floor_xid, e.floor_seq);
  return v_deleted;
end
$$;

create function sync.delete_old_tombstones(p_batch integer) returns integer
language plpgsql volatile
as $$
declare
  v_deleted integer;
begin
  delete from sync.tombstones t using (
    select o.table_name, o.pk from sync.tombstones o, sync.settings s
    where o.deleted_at < now() - greatest(s.ledger_retention, s.change_log_retention) - interval '1 day'
    order by o.deleted_at
    limit p_batch
    for update of o skip locked
  ) old
  where t.table_name = old.table_name and t.pk = old.pk;
  get diagnostics v_deleted = row_count;
  return v_deleted;
end
$$;
