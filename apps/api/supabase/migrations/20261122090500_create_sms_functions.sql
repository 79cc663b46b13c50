-- What the SMS dispatcher may do, one function per verb (port: apps/api/src/sms/SmsOutbox.ts). Each is
-- one transaction. Locks, always in this order: dispatch row, number's opt-out row, message row.
insert into sync.migrations (version, name) values ('20261122090500', 'create_sms_functions');

-- Moves a message on. The only writer of `state` after the insert.
create function sync.set_sms_state(
  p_sms_id text, p_state text, p_error_code integer default null, p_error_message text default null) returns void
language sql volatile
as $$
  update public.sms_messages m
  set state = p_state, error_code = p_error_code, error_message = p_error_message,
    sent_at = case when p_state in ('accepted', 'sent', 'delivered', 'undelivered') then coalesce(m.sent_at, now()) else m.sent_at end
  where m.id = p_sms_id;
$$;

-- Claims due pending messages (or the one given, if due): writes the intent before anything is sent.
-- Skips what another dispatcher holds, ends what may not be sent any more.
create function sync.claim_due_sms(p_sms_id text, p_lease_ms bigint, p_limit integer)
returns table (id text, tenant text, to_number text, message text, attempt integer, lease_token text, validity_seconds integer)
language plpgsql volatile
as $$
declare
  v_dispatch sync.sms_dispatch;
  v_sms public.sms_messages;
  v_opted_out boolean;
  v_left interval;
  v_least interval := (select s.sms_least_validity from sync.settings s);
begin
  perform sync.limit_waits();
  for v_dispatch in
    select d.* from sync.sms_dispatch d join public.sms_messages m on m.id = d.sms_id
    where d.due_at <= now() and m.state = 'pending' and (p_sms_id is null or d.sms_id = p_sms_id)
    order by d.due_at
    limit p_limit
    for update of d skip locked
  loop
    -- With the dispatch row locked the state cannot move; what the query above read may be older.
    select * into v_sms from public.sms_messages m where m.id = v_dispatch.sms_id;
    continue when v_sms.state <> 'pending';
    insert into sync.opt_outs (phone, opted_out) values (v_dispatch.to_number, false) on conflict do nothing;
    -- A STOP being written at this moment is waited out by trying again later.
    select o.opted_out into v_opted_out from sync.opt_outs o where o.phone = v_dispatch.to_number for share skip locked;
    continue when not found;
    v_left := v_dispatch.deadline_at - now();
    if v_opted_out then
      perform sync.set_sms_state(v_sms.id, 'failed', 21610, 'This person asked not to get SMS any more (STOP).');
      update sync.sms_dispatch d set due_at = null where d.sms_id = v_sms.id;
      continue;
    end if;
    if v_left < v_least then
      perform sync.set_sms_state(v_sms.id, 'expired');
      update sync.sms_dispatch d set due_at = null where d.sms_id = v_sms.id;
      continue;
    end if;
    perform sync.set_sms_state(v_sms.id, 'sending');
    update sync.sms_dispatch d
    set attempt = d.attempt + 1, attempted_at = now(), lease_token = gen_random_uuid()::text, listings = 0,
      due_at = now() + make_interval(secs => p_lease_ms / 1000.0)
    where d.sms_id = v_sms.id
    returning d.* into v_dispatch;
    return query select v_sms.id, v_sms.org_id, v_dispatch.to_number, v_sms.message, v_dispatch.attempt, v_dispatch.lease_token,
      floor(extract(epoch from v_left))::integer;
  end loop;
end
$$;

-- Locks the dispatch row of a lease; false when the lease is lost or the message is in none of these states.
create function sync.holds_sms(p_sms_id text, p_attempt integer, p_lease_token text, p_states text[]) returns boolean
language plpgsql volatile
as $$
begin
  perform sync.limit_waits();
  perform from sync.sms_dispatch d
  where d.sms_id = p_sms_id and d.attempt = p_attempt and d.lease_token = p_lease_token
  for update;
  return found and exists (select from public.sms_messages m where m.id = p_sms_id and m.state = any (p_states));
end
$$;

-- The carrier took it. True whoever holds the lease by now, as long as this is the last attempt: what is
-- known ends the search for it and any plan to send again.
create function sync.mark_sms_accepted(p_sms_id text, p_attempt integer, p_sid text) returns boolean
language plpgsql volatile
as $$
declare
  v_dispatch sync.sms_dispatch;
begin
  perform sync.limit_waits();
  select * into v_dispatch from sync.sms_dispatch d where d.sms_id = p_sms_id for update;
  if not found then
    return false;
  end if;
  if v_dispatch.sid is null and v_dispatch.attempt = p_attempt then
    update sync.sms_dispatch d set sid = p_sid, due_at = null, lease_token = null where d.sms_id = p_sms_id;
    perform sync.set_sms_state(p_sms_id, 'accepted');
    return true;
  end if;
  if v_dispatch.sid = p_sid then
    -- A callback was faster and told more.
    return true;
  end if;
  insert into sync.sms_extra_sids (sid, sms_id, attempt) values (p_sid, p_sms_id, p_attempt) on conflict do nothing;
  return false;
end
$$;

create function sync.mark_sms_failed(
  p_sms_id text, p_attempt integer, p_lease_token text, p_error_code integer, p_reason text, p_opted_out boolean) returns boolean
language plpgsql volatile
as $$
begin
  if not sync.holds_sms(p_sms_id, p_attempt, p_lease_token, '{sending}') then
    return false;
  end if;
  update sync.sms_dispatch d set due_at = null, lease_token = null, last_reason = p_reason where d.sms_id = p_sms_id;
  if p_opted_out then
    perform sync.set_opt_out((select d.to_number from sync.sms_dispatch d where d.sms_id = p_sms_id), true);
  end if;
  perform sync.set_sms_state(p_sms_id, 'failed', p_error_code, p_reason);
  return true;
end
$$;

-- Back to pending: the carrier certainly did not take it.
create function sync.postpone_sms(p_sms_id text, p_attempt integer, p_lease_token text, p_retry_after_ms bigint, p_reason text) returns boolean
language plpgsql volatile
as $$
begin
  if not sync.holds_sms(p_sms_id, p_attempt, p_lease_token, '{sending}') then
    return false;
  end if;
  update sync.sms_dispatch d
  set due_at = now() + make_interval(secs => p_retry_after_ms / 1000.0), lease_token = null, last_reason = p_reason
  where d.sms_id = p_sms_id;
  perform sync.set_sms_state(p_sms_id, 'pending');
  return true;
end
$$;

-- When the listing that follows `p_done` finished ones is due; null after the last.
create function sync.sms_listing_due(p_attempted_at timestamptz, p_done integer) returns timestamptz
language sql stable
return (select p_attempted_at + s.sms_listing_delays[p_done + 1] from sync.settings s);

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
    select d.* from sync.sms_dispatch d join public.sms_messages m on m.id = d.sms_id
    where d.due_at <= now() and m.state = 'sending'
    for update of d skip locked
  loop
    continue when not exists (select from public.sms_messages m where m.id = v_dispatch.sms_id and m.state = 'sending');
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
    select d.* from sync.sms_dispatch d join public.sms_messages m on m.id = d.sms_id
    where d.due_at <= now() and m.state = 'indeterminate'
    order by d.due_at
    limit p_limit
    for update of d skip locked
  loop
    continue when not exists (select from public.sms_messages m where m.id = v_dispatch.sms_id and m.state = 'indeterminate');
    update sync.sms_dispatch d
    set lease_token = gen_random_uuid()::text, due_at = now() + make_interval(secs => p_lease_ms / 1000.0)
    where d.sms_id = v_dispatch.sms_id
    returning d.* into v_dispatch;
    return query
      select m.id, v_dispatch.to_number, m.message, v_dispatch.attempt, v_dispatch.lease_token, v_dispatch.attempted_at, v_dispatch.listings + 1
      from public.sms_messages m where m.id = v_dispatch.sms_id;
  end loop;
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
  where d.sms_id = p_sms_id and d.listings < (select cardinality(s.sms_listing_delays) from sync.settings s);
  return true;
end
$$;

-- One more send, once, after the last listing and within the deadline.
create function sync.allow_sms_resend(p_sms_id text, p_attempt integer, p_lease_token text) returns boolean
language plpgsql volatile
as $$
declare
  v_settings sync.settings;
begin
  select * into strict v_settings from sync.settings;
  if not sync.holds_sms(p_sms_id, p_attempt, p_lease_token, '{indeterminate}') then
    return false;
  end if;
  update sync.sms_dispatch d set resent = true, due_at = now(), lease_token = null
  where d.sms_id = p_sms_id and not d.resent
    and d.listings >= cardinality(v_settings.sms_listing_delays) - 1
    and d.deadline_at - now() >= v_settings.sms_least_validity;
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

-- How far a message is; statuses of the carrier move it forward only.
create function sync.sms_rank(p_state text) returns integer
language sql immutable parallel safe
return case
  when p_state = 'accepted' then 1
  when p_state = 'sent' then 2
  when p_state in ('delivered', 'undelivered', 'failed') then 3
  else 0 end;

-- The carrier's word for a status as a state of ours; null when it means nothing to us.
create function sync.sms_state_of(p_status text) returns text
language sql immutable parallel safe
return case
  when p_status in ('queued', 'accepted', 'scheduled', 'sending') then 'accepted'
  when p_status in ('sent', 'delivered', 'undelivered', 'failed') then p_status
  when p_status = 'read' then 'delivered'
  when p_status = 'canceled' then 'failed' end;

-- Applies a status callback: 'applied', 'ignored' (nothing new), 'unknown' (no such message), or
-- 'second-sid' (the message went out twice, or after it was given up: someone must look).
create function sync.apply_sms_status(p_sms_id text, p_attempt integer, p_sid text, p_status text, p_error_code integer) returns text
language plpgsql volatile
as $$
declare
  v_dispatch sync.sms_dispatch;
  v_sms public.sms_messages;
  v_state text := sync.sms_state_of(p_status);
  v_alert boolean;
begin
  perform sync.limit_waits();
  select * into v_dispatch from sync.sms_dispatch d where d.sms_id = p_sms_id for update;
  if not found then
    return 'unknown';
  end if;
  if v_dispatch.sid <> p_sid then
    insert into sync.sms_extra_sids (sid, sms_id, attempt) values (p_sid, p_sms_id, p_attempt) on conflict do nothing;
    return 'second-sid';
  end if;
  select * into v_sms from public.sms_messages m where m.id = p_sms_id;
  -- Ended without a sid: nobody expected the carrier to know it. Or a second attempt is under way already.
  v_alert := v_dispatch.sid is null
    and (v_sms.state in ('failed', 'expired', 'cancelled') or (v_sms.state = 'sending' and p_attempt < v_dispatch.attempt));
  if v_dispatch.sid is null then
    update sync.sms_dispatch d set sid = p_sid, due_at = null, lease_token = null where d.sms_id = p_sms_id;
  end if;
  if v_state is null or sync.sms_rank(v_state) <= sync.sms_rank(v_sms.state) then
    return case when v_alert then 'second-sid' else 'ignored' end;
  end if;
  perform sync.set_sms_state(p_sms_id, v_state, p_error_code,
    case when p_error_code is not null then 'The carrier reported error ' || p_error_code || '.' end);
  return case when v_alert then 'second-sid' else 'applied' end;
end
$$;

-- Records STOP (true) or START (false). Waits for a send to this number that is being decided.
create function sync.set_opt_out(p_phone text, p_opted_out boolean) returns void
language sql volatile
as $$
  insert into sync.opt_outs (phone, opted_out) values (p_phone, p_opted_out)
  on conflict (phone) do update set opted_out = excluded.opted_out, changed_at = now();
$$;
