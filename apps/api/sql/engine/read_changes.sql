-- Reading the change log by cursor.

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
