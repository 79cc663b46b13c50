-- Finding out what became of an attempt whose answer was lost.

-- When the listing that follows `p_done` finished ones is due; null after the last.
create function sync.sms_listing_due(p_attempted_at timestamptz, p_done integer) returns timestamptz
language sql stable
return (select p_attempted_at + s.listing_delays[p_done + 1] from sync.sms_settings s);

create function sync.mark_sms_indeterminate(p_sms_id text, p_attempt integer, p_lease_token text, p_reason text) returns boolean
language plpgsql volatile
as $$
begin
  if not sync.holds_sms(p_sms_id, p_attempt, p_lease_token, '{sending}') then
    return false;
  end if;
  -- The token stays: an answer that arrives after all is still this attempt's.
  update sync.sms_dispatch d
  set due_at = sync.sms_listing_due(d.attempted_at, 0), listings = 0, last_reason = p_reason
  where d.sms_id = p_sms_id;
  perform sync.set_sms_state(p_sms_id, 'indeterminate');
  return true;
end
$$;

-- A dispatcher that died in `sending` may have sent: nobody knows.
create function sync.expire_sms_leases() returns integer
language plpgsql volatile
as $$
declare
  v_dispatch sync.sms_dispatch;
  v_count integer := 0;
begin
  perform sync.limit_waits();
  for v_dispatch in
    select d.* from sync.sms_dispatch d join sync.sms_messages m on m.id = d.sms_id
    where d.due_at <= now() and m.state = 'sending'
    for update of d skip locked
  loop
    continue when not exists (select from sync.sms_messages m where m.id = v_dispatch.sms_id and m.state = 'sending');
    update sync.sms_dispatch d
    set due_at = sync.sms_listing_due(d.attempted_at, 0), listings = 0, last_reason = 'The sender died before it learned the answer.'
    where d.sms_id = v_dispatch.sms_id;
    perform sync.set_sms_state(v_dispatch.sms_id, 'indeterminate');
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;

-- Claims indeterminate messages that are due for a look into the carrier's list.
create function sync.claim_indeterminate_sms(p_lease_ms bigint, p_limit integer)
returns table (id text, to_number text, message text, attempt integer, lease_token text, attempted_at timestamptz, listing integer)
language plpgsql volatile
as $$
declare
  v_dispatch sync.sms_dispatch;
begin
  perform sync.limit_waits();
  for v_dispatch in
    select d.* from sync.sms_dispatch d join sync.sms_messages m on m.id = d.sms_id
    where d.due_at <= now() and m.state = 'indeterminate'
    order by d.due_at
    limit p_limit
    for update of d skip locked
  loop
    continue when not exists (select from sync.sms_messages m where m.id = v_dispatch.sms_id and m.state = 'indeterminate');
    update sync.sms_dispatch d
    set lease_token = gen_random_uuid()::text, due_at = now() + make_interval(secs => p_lease_ms / 1000.0)
    where d.sms_id = v_dispatch.sms_id
    returning d.* into v_dispatch;
    return query
      select m.id, v_dispatch.to_number, m.message, v_dispatch.attempt, v_dispatch.lease_token, v_dispatch.attempted_at, v_dispatch.listings + 1
      from sync.sms_messages m where m.id = v_dispatch.sms_id;
  end loop;
end
$$;

-- The carrier's list has the message: what it says of it is taken whole and at once, or a reader in between would be told
-- "sent", for good, of what never arrived. Whoever holds the lease by now, as mark_sms_accepted. Result and locks: those of
-- apply_sms_status.
create function sync.take_listed_sms(p_sms_id text, p_attempt integer, p_sid text, p_status text, p_error_code integer) returns text
language plpgsql volatile
as $$
begin
  -- Also a status that means nothing to us says that it was accepted.
  perform set_config('sync.sms_told_by', 'listing', true), sync.mark_sms_accepted(p_sms_id, p_attempt, p_sid);
  return sync.apply_sms_status(p_sms_id, p_attempt, p_sid, p_status, p_error_code);
end
$$;

-- Decides after a listing that did not have the message: 'nothing-yet' (another listing follows), 'send-once-more', 'cancelled'
-- (nobody wants it any more, and it was not sent), 'left-to-person', or 'lost' (with the lease).
-- `p_others`: messages to this number were listed that nobody has claimed, so that one of them may be it in another form. That
-- is a person's to decide; but each of them may turn out to be somebody else's, so as long as it may still be sent, it is
-- looked again, ever more rarely.
create function sync.end_sms_listing(p_sms_id text, p_attempt integer, p_lease_token text, p_others boolean) returns text
language plpgsql volatile
as $$
declare
  v_settings sync.sms_settings;
  v_dispatch sync.sms_dispatch;
  v_due timestamptz;
  v_last_moment timestamptz;
  v_is_wanted boolean;
begin
  select * into strict v_settings from sync.sms_settings;
  if not sync.holds_sms(p_sms_id, p_attempt, p_lease_token, '{indeterminate}') then
    return 'lost';
  end if;
  select * into v_dispatch from sync.sms_dispatch d where d.sms_id = p_sms_id;
  v_due := sync.sms_listing_due(v_dispatch.attempted_at, v_dispatch.listings + 1);
  update sync.sms_dispatch d set listings = d.listings + 1, due_at = v_due where d.sms_id = p_sms_id;
  if v_due is not null then
    return 'nothing-yet';
  end if;
  v_is_wanted := exists (select from sync.sms_clicks c where c.sms_id = p_sms_id and not c.withdrawn);
  v_last_moment := v_dispatch.deadline_at - v_settings.least_validity;
  if v_is_wanted and (v_dispatch.resent or now() > v_last_moment) then
    return 'left-to-person';
  end if;
  if p_others then
    v_due := now() + (now() - v_dispatch.attempted_at) / 2;
    update sync.sms_dispatch d set due_at = v_due where d.sms_id = p_sms_id and v_due < v_last_moment;
    return 'left-to-person';
  end if;
  if not sync.settle_unsent_sms(p_sms_id) then
    return 'cancelled';
  end if;
  update sync.sms_dispatch d set resent = true, due_at = now(), lease_token = null where d.sms_id = p_sms_id;
  return 'send-once-more';
end
$$;

-- True when a listed message is certainly not this SMS: another one has its sid, or another one to this number, of which
-- nobody knows either whether it was sent, has exactly its text.
create function sync.is_listed_sms_anothers(p_sms_id text, p_to_number text, p_sid text, p_body text) returns boolean
language sql stable
return exists (select from sync.sms_dispatch d where d.sid = p_sid)
  or exists (select from sync.sms_extra_sids x where x.sid = p_sid)
  or exists (
    select from sync.sms_dispatch d join sync.sms_messages m on m.id = d.sms_id
    where d.to_number = p_to_number and d.sid is null and d.sms_id <> p_sms_id
      and m.state in ('sending', 'indeterminate') and m.message = p_body
      and p_body <> (select own.message from sync.sms_messages own where own.id = p_sms_id));
