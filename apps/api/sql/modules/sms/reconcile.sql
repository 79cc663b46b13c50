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
  perform sync.mark_sms_accepted(p_sms_id, p_attempt, p_sid);
  return sync.apply_sms_status(p_sms_id, p_attempt, p_sid, p_status, p_error_code);
end
$$;

-- Counts a listing as done; after the last one nothing is due and a person decides.
create function sync.sms_listing_found_nothing(p_sms_id text, p_attempt integer, p_lease_token text) returns boolean
language plpgsql volatile
as $$
begin
  if not sync.holds_sms(p_sms_id, p_attempt, p_lease_token, '{indeterminate}') then
    return false;
  end if;
  update sync.sms_dispatch d
  set listings = d.listings + 1, due_at = sync.sms_listing_due(d.attempted_at, d.listings + 1)
  where d.sms_id = p_sms_id and d.listings < (select cardinality(s.listing_delays) from sync.sms_settings s);
  return true;
end
$$;

-- One more send, once, after the last listing and within the deadline.
create function sync.allow_sms_resend(p_sms_id text, p_attempt integer, p_lease_token text) returns boolean
language plpgsql volatile
as $$
declare
  v_settings sync.sms_settings;
begin
  select * into strict v_settings from sync.sms_settings;
  if not sync.holds_sms(p_sms_id, p_attempt, p_lease_token, '{indeterminate}') then
    return false;
  end if;
  update sync.sms_dispatch d set resent = true, due_at = now(), lease_token = null
  where d.sms_id = p_sms_id and not d.resent
    and d.listings >= cardinality(v_settings.listing_delays) - 1
    and d.deadline_at - now() >= v_settings.least_validity;
  if not found then
    return false;
  end if;
  perform sync.set_sms_state(p_sms_id, 'pending');
  return true;
end
$$;

create function sync.is_sms_sid_claimed(p_sid text) returns boolean
language sql stable
return exists (select from sync.sms_dispatch d where d.sid = p_sid) or exists (select from sync.sms_extra_sids x where x.sid = p_sid);
