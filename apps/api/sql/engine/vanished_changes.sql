-- Recognises a database that was put back to an earlier state without a trace, as a raw disk snapshot does:
-- a change that was read once is no longer there, and nothing of ours deleted it. Callers: the API's processes, every
-- few seconds, with the newest change that one of them has seen; and readers whose cursor names such a change. A
-- change is {epoch, xid, seq, at}, the last three as decimal text, `at` in microseconds.

-- The newest change, to be asked for again later; null while the log is empty. What can be read was flushed before.
create function sync.newest_change() returns jsonb
language sql stable
return (
  select jsonb_build_object('epoch', e.epoch, 'xid', c.xid::text, 'seq', c.seq::text, 'at', sync.micros(c.changed_at)::text)
  from sync.epoch e, sync.change_log c
  order by c.xid desc, c.seq desc
  limit 1);

create function sync.has_vanished(p_change jsonb) returns boolean
language sql stable
return coalesce(sync.judge_place(p_change ->> 'epoch',
  row((p_change ->> 'xid')::xid8, (p_change ->> 'seq')::bigint, (p_change ->> 'at')::bigint)::sync.place) = 'vanished', false);

-- Begins another epoch when the change has vanished; true when it did. Locks the epoch: of several replicas
-- that notice at once, one begins it.
create function sync.renew_if_vanished(p_change jsonb) returns boolean
language plpgsql volatile
as $$
begin
  perform sync.limit_waits();
  lock table sync.epoch in share row exclusive mode;
  if not sync.has_vanished(p_change) then
    return false;
  end if;
  perform sync.renew_epoch(e.system_identifier, e.timeline) from sync.epoch e;
  return true;
end
$$;
