-- Telling browsers at once: Broadcast of Supabase Realtime, sent by the database. One message a statement, table and
-- organisation, on the private channel sync:<table>:<organisation>. It is a courtesy: the change log is the truth, and
-- whoever missed a message reads it there. Where there is no realtime.send, the triggers do not come here.

-- When a message last did not go out in time, in milliseconds since 1970. A sequence, so that it outlives a savepoint that
-- is rolled back, and nobody waits for whoever writes it.
create sequence sync.missed_broadcast_at minvalue 0 start 0;

create function sync.millis(p_at timestamptz) returns bigint
language sql immutable parallel safe
return (extract(epoch from p_at) * 1000)::bigint;

-- Sends what this transaction logged and did not send yet. Callers: the triggers of tracked tables, after a statement.
-- realtime.send swallows errors but not waits, and each is a subtransaction: so all of a transaction together may take
-- `broadcast_wait`, which also bounds each wait for a lock; the caller's lock_timeout is back when this returns. Once that
-- was too short nobody tries for `broadcast_rest`, nor this transaction ever again; and for `broadcast_repair` clients are
-- told to read the log, where they find what they missed. A setting of the transaction keeps how far it told. The changes
-- of a channel go out as GET /api/sync/changes shows them; where that is too much, clients are told that there are some.
create function sync.broadcast_changes() returns void
language plpgsql volatile set enable_seqscan = off set lock_timeout = '40ms'
as $$
declare
  c_most_changes constant integer := 50;
  -- Below the 256 kB that the smallest plan of Supabase lets pass.
  c_most_bytes constant integer := 200000;
  c_most_messages constant integer := 20;
  -- One for each channel, but a send is up to two subtransactions, of which Postgres keeps 64 at hand.
  c_most_hints constant integer := 10;
  -- The binary frame of Realtime gives a topic one byte of length, "realtime:" included.
  c_longest_topic constant integer := 246;
  c_hint constant jsonb := '{"hint": true}';
  v_now constant timestamptz := clock_timestamp();
  v_wait_ms double precision;
  v_hints_only boolean;
  v_told jsonb := coalesce(nullif(current_setting('sync.told', true), ''), '{"seq": 0, "sent": 0, "ms": 0, "hinted": []}')::jsonb;
  v_since constant bigint := v_told ->> 'seq';
  v_seq bigint := v_since;
  v_sent integer := v_told ->> 'sent';
  v_ms double precision := v_told ->> 'ms';
  v_hinted jsonb := v_told -> 'hinted';
  v_topic text;
  v_payload jsonb;
  v_late boolean := false;
  v_group record;
begin
  select extract(epoch from s.broadcast_wait) * 1000, m.last_value > sync.millis(v_now - s.broadcast_repair)
  into v_wait_ms, v_hints_only
  from sync.missed_broadcast_at m, sync.settings s
  where m.last_value < least(sync.millis(now()), sync.millis(v_now - s.broadcast_rest));
  if not found then
    return;
  end if;
  begin
    for v_group in
      -- What is above the limits is counted and not put together.
      select l.table_name, l.org_id, max(l.seq) as seq,
        max(l.nth) <= c_most_changes and max(l.bytes) <= c_most_bytes as fits,
        jsonb_agg(sync.change_json(l.change) order by l.seq) filter (where l.nth <= c_most_changes and l.bytes <= c_most_bytes) as changes
      from (
        select c as change, c.table_name, c.org_id, c.seq, row_number() over of_channel as nth,
          coalesce(sum(pg_column_size(c."row")) over of_channel, 0) as bytes
        from sync.change_log c
        where c.xid = pg_current_xact_id_if_assigned() and c.seq > v_since
        window of_channel as (partition by c.table_name, c.org_id order by c.seq)
      ) l
      group by 1, 2 order by 1, 2
    loop
      v_seq := greatest(v_seq, v_group.seq);
      v_topic := concat('sync:', v_group.table_name, ':', v_group.org_id);
      -- Who was told to read the log reads it after the commit, with all that follows here.
      continue when v_hinted ? v_topic or octet_length(v_topic) > c_longest_topic or v_sent >= c_most_messages + c_most_hints;
      v_payload := c_hint;
      if v_group.fits and not v_hints_only and v_sent < c_most_messages and octet_length(v_group.changes::text) <= c_most_bytes then
        v_payload := jsonb_build_object('changes', v_group.changes);
      end if;
      v_late := v_ms >= v_wait_ms;
      exit when v_late;
      perform set_config('lock_timeout', greatest(1, floor(v_wait_ms - v_ms))::text, true), set_config('realtime.topic', '', true);
      v_ms := v_ms - extract(epoch from clock_timestamp()) * 1000;
      perform realtime.send(v_payload, 'change', v_topic, true);
      v_ms := v_ms + extract(epoch from clock_timestamp()) * 1000;
      -- It sets its topic, which is undone with a send that failed; one that was slow, and no more, reached everybody.
      v_late := v_ms >= v_wait_ms and current_setting('realtime.topic') <> v_topic;
      exit when v_late;
      v_sent := v_sent + 1;
      if v_payload = c_hint then
        v_hinted := v_hinted || to_jsonb(v_topic);
      end if;
    end loop;
  exception when others then
    -- The change stands whatever becomes of its message.
    raise warning 'Browsers were not told of a change, and find it within a minute: %', sqlerrm;
    v_late := true;
  end;
  if v_late then
    perform setval('sync.missed_broadcast_at', sync.millis(clock_timestamp()));
  end if;
  perform set_config('sync.told', jsonb_build_object('seq', v_seq, 'sent', v_sent, 'ms', v_ms, 'hinted', v_hinted)::text, true);
end
$$;
