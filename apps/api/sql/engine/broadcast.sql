-- Telling browsers at once: Broadcast of Supabase Realtime, sent by the database. One message a statement, table and
-- organisation, on the private channel sync:<table>:<organisation>. It is a courtesy: the change log is the truth, and
-- whoever missed a message reads it there. Where there is no realtime.send, the triggers do not come here.

-- When a message last did not go out in time, in milliseconds since 1970. A sequence, so that it outlives a savepoint that
-- is rolled back, and nobody waits for whoever writes it.
create sequence sync.missed_broadcast_at minvalue 0 start 0;

create function sync.millis(p_at timestamptz) returns bigint
language sql immutable parallel safe
return (extract(epoch from p_at) * 1000)::bigint;

-- What a transaction told so far: up to which change, in how many messages, in how many milliseconds, and which channels
-- were told to read the log.
create type sync.told as (seq bigint, messages integer, ms double precision, hinted text[]);

-- What this transaction logged after `p_since`, by channel, each as GET /api/sync/changes shows it. Null for a channel with
-- more than 50 changes or 200 kB: what is above the limits is counted and not put together.
create function sync.changes_by_channel(p_since bigint, out seq bigint, out topics text[], out changes jsonb[])
language plpgsql volatile
as $$
declare
  c_most_changes constant integer := 50;
  c_most_bytes constant integer := 200000;
begin
  select max(g.seq), array_agg(g.topic order by g.topic), array_agg(g.changes order by g.topic)
  into seq, topics, changes
  from (
    select concat('sync:', l.table_name, ':', l.org_id) as topic, max(l.seq) as seq,
      case when max(l.nth) <= c_most_changes and max(l.bytes) <= c_most_bytes then
        jsonb_agg(sync.change_json(l.change) order by l.seq) filter (where l.nth <= c_most_changes and l.bytes <= c_most_bytes) end as changes
    from (
      select c as change, c.table_name, c.org_id, c.seq, row_number() over of_channel as nth,
        coalesce(sum(pg_column_size(c."row")) over of_channel, 0) as bytes
      from sync.change_log c
      where c.xid = pg_current_xact_id_if_assigned() and c.seq > p_since
      window of_channel as (partition by c.table_name, c.org_id order by c.seq)
    ) l
    group by l.table_name, l.org_id
  ) g;
end
$$;

-- Sends what this transaction logged and did not send yet. Callers: the triggers of tracked tables, after a statement.
-- realtime.send swallows errors but not waits, and each is a subtransaction: so all of a transaction together may take
-- `broadcast_wait`, which also bounds each wait for a lock; the caller's lock_timeout is back when this returns. Once that
-- was too short nobody tries for `broadcast_rest`, nor this transaction ever again; and for `broadcast_repair` clients are
-- told to read the log, where they find what they missed. A setting of the transaction keeps how far it told. Where the
-- changes of a channel are too much, clients are told that there are some.
-- Postgres prepares each expression anew in each transaction, which is most of what this costs a click: on the way of one
-- change there are few, and settings are set by assignments, which are no statements of their own.
create function sync.broadcast_changes() returns void
language plpgsql volatile set enable_seqscan = off set jit = off set lock_timeout = '40ms'
as $$
declare
  -- Below the 256 kB that the smallest plan of Supabase lets pass.
  c_most_bytes constant integer := 200000;
  c_most_messages constant integer := 20;
  -- One for each channel, but a send is up to two subtransactions, of which Postgres keeps 64 at hand.
  c_most_hints constant integer := 10;
  -- The binary frame of Realtime gives a topic one byte of length, "realtime:" included.
  c_longest_topic constant integer := 246;
  v_told text := current_setting('sync.told', true);
  v_since bigint := 0;
  v_messages integer := 0;
  v_ms double precision := 0;
  v_hinted text[] := '{}';
  v_missed_at bigint := pg_sequence_last_value('sync.missed_broadcast_at');
  v_wait_ms double precision;
  v_rests boolean;
  v_hints_only boolean := false;
  v_seq bigint;
  v_is_one boolean;
  v_topics text[];
  v_changes jsonb[];
  v_topic text;
  v_payload jsonb;
  v_start timestamptz;
  v_late boolean := false;
  v_set text;
begin
  if v_told <> '' then
    select t.* into v_since, v_messages, v_ms, v_hinted from (select (v_told::sync.told).*) t;
  end if;
  begin
    -- One change, as nearly always, has the last number that this session gave, and nothing else is looked for.
    select s.broadcast_wait_ms, c.seq, c.seq = currval('sync.change_log_seq_seq'), array[concat('sync:', c.table_name, ':', c.org_id)],
      array[case when pg_column_size(c."row") > c_most_bytes is not true then jsonb_build_array(sync.change_json(c)) end]
    into v_wait_ms, v_seq, v_is_one, v_topics, v_changes
    from sync.change_log c, sync.settings s
    where c.xid = pg_current_xact_id_if_assigned() and c.seq > v_since
    order by c.xid, c.seq limit 1;
    if not found then
      return;
    end if;
    if v_missed_at > 0 then
      select v_missed_at >= least(sync.millis(now()), sync.millis(clock_timestamp() - s.broadcast_rest)),
        v_missed_at > sync.millis(clock_timestamp() - s.broadcast_repair)
      into v_rests, v_hints_only
      from sync.settings s;
      if v_rests then
        return;
      end if;
    end if;
    if not v_is_one then
      select c.seq, c.topics, c.changes into v_seq, v_topics, v_changes from sync.changes_by_channel(v_since) c;
    end if;
    for v_nth in 1 .. cardinality(v_topics) loop
      v_topic := v_topics[v_nth];
      -- Who was told to read the log reads it after the commit, with all that follows here.
      continue when v_topic = any (v_hinted) or octet_length(v_topic) > c_longest_topic or v_messages >= c_most_messages + c_most_hints;
      if v_ms >= v_wait_ms then
        v_late := true;
        exit;
      end if;
      if not v_hints_only and v_messages < c_most_messages and octet_length(v_changes[v_nth]::text) <= c_most_bytes then
        v_payload := jsonb_build_object('changes', v_changes[v_nth]);
      else
        v_payload := '{"hint": true}';
        v_hinted := v_hinted || v_topic;
      end if;
      v_set := set_config('lock_timeout', greatest(1, floor(v_wait_ms - v_ms))::text, true);
      v_set := set_config('realtime.topic', '', true);
      v_start := clock_timestamp();
      perform realtime.send(v_payload, 'change', v_topic, true);
      v_ms := v_ms + 1000 * date_part('epoch', clock_timestamp() - v_start);
      -- It sets its topic, which is undone with a send that failed; one that was slow, and no more, reached everybody.
      if v_ms >= v_wait_ms and current_setting('realtime.topic') <> v_topic then
        v_late := true;
        exit;
      end if;
      v_messages := v_messages + 1;
    end loop;
  exception when others then
    -- The change stands whatever becomes of its message.
    raise warning 'Browsers were not told of a change, and find it within a minute: %', sqlerrm;
    v_late := true;
  end;
  if v_late then
    perform setval('sync.missed_broadcast_at', sync.millis(clock_timestamp()));
  end if;
  v_set := set_config('sync.told', row(v_seq, v_messages, v_ms, v_hinted)::text, true);
end
$$;
