-- Reading the change log by cursor.

create function sync.change_json(p_change sync.change_log) returns jsonb
language sql stable
return jsonb_build_object(
  'table', p_change.table_name, 'eventType', p_change.op, 'version', p_change.version, 'new', p_change."row",
  'old', case when p_change.op <> 'INSERT' then jsonb_build_object('id', p_change.pk) end,
  'origin', jsonb_build_object('actor', p_change.actor, 'mutationKey', p_change.mutation_key));

-- One page for one organisation. Stable: everything in it is read in one snapshot, the cursor's own change included.
-- p_epoch null with p_given: the cursor could not be read, which counts as gone. 'vanished' says of one that is gone
-- that it was given by us and names a change that retention did not take.
create function sync.read_changes(
  p_tenant text, p_epoch text, p_xid xid8, p_seq bigint, p_at_us bigint, p_seal text, p_limit integer, p_given boolean) returns jsonb
language plpgsql stable
as $$
declare
  v_epoch text := (select e.epoch from sync.epoch e);
  v_since sync.place := row(p_xid, p_seq, p_at_us);
  v_next sync.place;
  v_newest sync.place;
  v_horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
  v_held_back timestamptz;
  v_verdict text;
  v_changes jsonb := '[]';
  v_count integer := 0;
begin
  if p_given then
    v_verdict := sync.judge_place(p_epoch, v_since);
    if v_verdict <> 'valid' then
      return jsonb_build_object('gone', true, 'epoch', v_epoch,
        'vanished', v_verdict = 'vanished' and coalesce(p_seal = sync.cursor_seal(p_epoch, v_since), false));
    end if;
    with page as (
      select c from sync.change_log c
      where c.org_id = p_tenant and (c.xid, c.seq) > (p_xid, p_seq) and c.xid < v_horizon
      order by c.xid, c.seq
      limit p_limit + 1
    ), shown as (select p.c from page p limit p_limit),
    last as (select (l.c).* from shown l order by (l.c).xid desc, (l.c).seq desc limit 1)
    select coalesce(jsonb_agg(sync.change_json(s.c) order by (s.c).xid, (s.c).seq), '[]'), (select count(*) from page),
      (select l.xid from last l), (select l.seq from last l), (select sync.micros(l.changed_at) from last l)
    into v_changes, v_count, v_next.xid, v_next.seq, v_next.at_us
    from shown s;
  end if;
  if v_count <= p_limit then
    -- Past the last page everything below the horizon was seen, other organisations' rows included.
    v_newest := sync.newest_place(v_horizon);
    v_next := case when p_given and (v_since.xid, v_since.seq) > (v_newest.xid, v_newest.seq) then v_since else v_newest end;
  end if;
  -- Committed, but hidden behind a transaction that is still open.
  select c.changed_at into v_held_back from sync.change_log c
  where c.org_id = p_tenant and c.xid >= v_horizon order by c.xid, c.seq limit 1;
  return jsonb_build_object(
    'gone', false, 'changes', v_changes, 'hasMore', v_count > p_limit, 'next', sync.cursor_text(v_epoch, v_next),
    'horizonLagMs', coalesce(greatest(floor(extract(epoch from clock_timestamp() - v_held_back) * 1000), 0), 0),
    'epoch', v_epoch);
end
$$;

-- One page for the feed that serves all organisations, by the same rule; without a place, where to begin.
create function sync.read_feed(p_epoch text, p_xid xid8, p_seq bigint, p_at_us bigint, p_limit integer default 500) returns jsonb
language plpgsql stable
as $$
declare
  v_since sync.place := row(p_xid, p_seq, p_at_us);
  v_next sync.place;
  v_newest sync.place;
  v_horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
  v_verdict text := case when p_epoch is null then 'valid' else sync.judge_place(p_epoch, v_since) end;
  v_changes jsonb;
  v_count integer;
begin
  if v_verdict <> 'valid' then
    return jsonb_build_object('gone', true, 'vanished', v_verdict = 'vanished');
  end if;
  with page as (
    select c from sync.change_log c
    where (c.xid, c.seq) > (p_xid, p_seq) and c.xid < v_horizon
    order by c.xid, c.seq
    limit p_limit
  ), last as (select (l.c).* from page l order by (l.c).xid desc, (l.c).seq desc limit 1)
  select coalesce(jsonb_agg(
      jsonb_build_object('tenant', (p.c).org_id, 'change', sync.change_json(p.c)) order by (p.c).xid, (p.c).seq), '[]'),
    count(*), (select l.xid from last l), (select l.seq from last l), (select sync.micros(l.changed_at) from last l)
  into v_changes, v_count, v_next.xid, v_next.seq, v_next.at_us
  from page p;
  if v_count < p_limit then
    v_newest := sync.newest_place(v_horizon);
    v_next := case when (v_since.xid, v_since.seq) > (v_newest.xid, v_newest.seq) then v_since else v_newest end;
  end if;
  return jsonb_build_object('gone', false, 'changes', v_changes, 'hasMore', v_count = p_limit,
    'epoch', (select e.epoch from sync.epoch e), 'xid', v_next.xid::text, 'seq', v_next.seq::text, 'at', v_next.at_us::text);
end
$$;
