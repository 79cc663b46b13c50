-- Asking the carrier what became of an SMS that it took and nobody has told the end of: status callbacks hardly come twice.

-- When to ask after `p_asked` times; null: it had its time. `p_since`: when the carrier took it. After a pause nobody asks twice
-- in a row for having missed two of the times.
create function sync.sms_ask_due(p_since timestamptz, p_asked integer) returns timestamptz
language sql stable
return (
  select case
    when p_asked < cardinality(s.ask_delays) then greatest(p_since + s.ask_delays[p_asked + 1], now() + s.ask_delays[1])
    when now() + s.ask_every <= p_since + s.ask_for then now() + s.ask_every end
  from sync.sms_settings s);

-- Claims what is due to be asked for, what waits longest first. Whoever cannot ask leaves it to the next one after the lease.
create function sync.claim_unreported_sms(p_lease_ms bigint, p_limit integer) returns table (id text, sid text)
language plpgsql volatile
as $$
begin
  perform sync.limit_waits();
  return query
    update sync.sms_dispatch d
    set ask_at = now() + make_interval(secs => p_lease_ms / 1000.0)
    from (
      select o.sms_id from sync.sms_dispatch o where o.ask_at <= now() order by o.ask_at limit p_limit for update skip locked
    ) due
    where d.sms_id = due.sms_id
    returning d.sms_id, d.sid;
end
$$;

-- SMS by what they wait for, and how long the oldest has: to be sent, under way, found, or reported on by the carrier.
create function sync.sms_backlog() returns table (state text, messages integer, oldest_seconds double precision)
language sql stable
as $$
  select s.state, count(w.since)::integer, coalesce(extract(epoch from now() - min(w.since)), 0)::double precision
  from unnest(array['pending', 'sending', 'indeterminate', 'unreported']) s (state)
  left join (
    select m.state, m.created_at from sync.sms_dispatch d join sync.sms_messages m on m.id = d.sms_id
    where d.sid is null and m.state in ('pending', 'sending', 'indeterminate')
    union all
    select 'unreported', m.sent_at from sync.sms_dispatch d join sync.sms_messages m on m.id = d.sms_id where d.ask_at is not null
  ) w (state, since) on w.state = s.state
  group by s.state;
$$;

-- Takes over what the carrier says of a message; a null status: it does not know it. Result and locks: those of
-- apply_sms_status.
create function sync.take_looked_up_sms(p_sms_id text, p_sid text, p_status text, p_error_code integer) returns text
language plpgsql volatile
as $$
declare
  v_result text := 'ignored';
begin
  if p_status is not null then
    perform set_config('sync.sms_told_by', 'question', true);
    v_result := sync.apply_sms_status(p_sms_id, null, p_sid, p_status, p_error_code);
  end if;
  -- Unless it has reached its end, which is why nobody asks any more.
  update sync.sms_dispatch d
  set asked = d.asked + 1, ask_at = sync.sms_ask_due(m.sent_at, d.asked + 1)
  from sync.sms_messages m
  where d.sms_id = p_sms_id and m.id = p_sms_id and d.ask_at is not null;
  return v_result;
end
$$;
