-- What the SMS dispatcher may do, one function per verb (port: apps/api/src/modules/sms/SmsOutbox.ts). Each is
-- one transaction. Locks, always in this order: dispatch row, number's opt-out row, message row.

-- Moves a message on. The only writer of `state` after the insert.
create function sync.set_sms_state(
  p_sms_id text, p_state text, p_error_code integer default null, p_error_message text default null) returns void
language sql volatile
as $$
  update sync.sms_messages m
  set state = p_state, error_code = p_error_code, error_message = p_error_message,
    sent_at = case when p_state in ('accepted', 'sent', 'delivered', 'undelivered') then coalesce(m.sent_at, now()) else m.sent_at end
  where m.id = p_sms_id;
$$;

-- Claims due pending messages (or the one given, if due): writes the intent before anything is sent.
-- Skips what another dispatcher holds, ends what may not be sent any more.
create function sync.claim_due_sms(p_sms_id text, p_lease_ms bigint, p_limit integer)
returns table (id text, tenant text, to_number text, message text, attempt integer, lease_token text, validity_seconds integer, traceparent text)
language plpgsql volatile
as $$
declare
  v_dispatch sync.sms_dispatch;
  v_sms sync.sms_messages;
  v_opted_out boolean;
  v_left interval;
  v_least interval := (select s.least_validity from sync.sms_settings s);
begin
  perform sync.limit_waits();
  for v_dispatch in
    select d.* from sync.sms_dispatch d join sync.sms_messages m on m.id = d.sms_id
    where d.due_at <= now() and m.state = 'pending' and (p_sms_id is null or d.sms_id = p_sms_id)
    order by d.due_at
    limit p_limit
    for update of d skip locked
  loop
    -- With the dispatch row locked the state cannot move; what the query above read may be older.
    select * into v_sms from sync.sms_messages m where m.id = v_dispatch.sms_id;
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
      floor(extract(epoch from v_left))::integer, v_dispatch.traceparent;
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
  return found and exists (select from sync.sms_messages m where m.id = p_sms_id and m.state = any (p_states));
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
    if exists (select from sync.sms_dispatch o where o.sid = p_sid) then
      -- A listing took it for the same words of another click; that one has it.
      return false;
    end if;
    update sync.sms_dispatch d
    set sid = p_sid, due_at = null, lease_token = null, ask_at = sync.sms_ask_due(now(), 0)
    where d.sms_id = p_sms_id;
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

-- Records STOP (true) or START (false). Waits for a send to this number that is being decided.
create function sync.set_opt_out(p_phone text, p_opted_out boolean) returns void
language sql volatile
as $$
  insert into sync.opt_outs (phone, opted_out) values (p_phone, p_opted_out)
  on conflict (phone) do update set opted_out = excluded.opted_out, changed_at = now();
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

-- The carrier certainly did not take it: back to pending, if anybody still wants it.
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
  perform sync.settle_unsent_sms(p_sms_id);
  return true;
end
$$;
