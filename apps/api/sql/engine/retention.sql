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
