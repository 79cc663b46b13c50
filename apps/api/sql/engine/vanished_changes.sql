-- Recognises a database that was put back to an earlier state without a trace, as a raw disk snapshot does:
-- a change that was read once is no longer there, and nothing of ours deleted it. Callers: the API's
-- processes, every few seconds, with the newest change that one of them has seen.

-- The newest change, to be asked for again later; null while the log is empty. What can be read was flushed
-- before (synchronous_commit stays on), so a crash takes none of it back.
create function sync.newest_change() returns jsonb
language sql stable
return (
  select jsonb_build_object('epoch', e.epoch, 'xid', c.xid::text, 'seq', c.seq::text, 'at', c.changed_at)
  from sync.epoch e, sync.change_log c
  order by c.xid desc, c.seq desc
  limit 1);

-- Whether a change of this epoch is gone without retention or a new epoch having taken it. The time is part
-- of the question: another history counts transactions and changes the same way.
create function sync.has_vanished(p_change jsonb) returns boolean
language sql stable
return exists (
    select from sync.epoch e where e.epoch = p_change ->> 'epoch' and (p_change ->> 'xid')::xid8 > e.trimmed_xid)
  and not exists (
    select from sync.change_log c
    where c.xid = (p_change ->> 'xid')::xid8 and c.seq = (p_change ->> 'seq')::bigint and c.changed_at = (p_change ->> 'at')::timestamptz);

-- Begins another epoch when the change has vanished; true when it did. Locks the epoch: of several replicas
-- that notice at once, one begins it.
create function sync.renew_if_vanished(p_change jsonb) returns boolean
language plpgsql volatile
as $$
declare
  v_epoch sync.epoch;
begin
  perform sync.limit_waits();
  lock table sync.epoch in share row exclusive mode;
  if not sync.has_vanished(p_change) then
    return false;
  end if;
  select * into strict v_epoch from sync.epoch;
  perform sync.renew_epoch(v_epoch.system_identifier, v_epoch.timeline);
  return true;
end
$$;
