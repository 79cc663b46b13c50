-- What the carrier reports.

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

-- Applies what the carrier says of a sid: 'applied', 'ignored' (nothing new), 'unknown' (no such message), or
-- 'second-sid' (the message went out twice, or after it was given up: someone must look).
-- It is about the message that has this sid, whoever is named: where two clicks had the same words, a listing may have given
-- it to the other one.
create function sync.apply_sms_status(p_sms_id text, p_attempt integer, p_sid text, p_status text, p_error_code integer) returns text
language plpgsql volatile
as $$
declare
  v_dispatch sync.sms_dispatch;
  v_sms sync.sms_messages;
  v_state text := sync.sms_state_of(p_status);
  v_alert boolean;
begin
  perform sync.limit_waits(),
    set_config('sync.sms_told_by', coalesce(nullif(current_setting('sync.sms_told_by', true), ''), 'callback'), true);
  select * into v_dispatch from sync.sms_dispatch d
  where d.sms_id = coalesce((select o.sms_id from sync.sms_dispatch o where o.sid = p_sid), p_sms_id)
  for update;
  if not found then
    return 'unknown';
  end if;
  if v_dispatch.sid <> p_sid then
    insert into sync.sms_extra_sids (sid, sms_id, attempt) values (p_sid, p_sms_id, p_attempt) on conflict do nothing;
    return 'second-sid';
  end if;
  select * into v_sms from sync.sms_messages m where m.id = v_dispatch.sms_id;
  -- Ended without a sid: nobody expected the carrier to know it. Or a second attempt is under way already.
  v_alert := v_dispatch.sid is null
    and (v_sms.state in ('failed', 'expired', 'cancelled') or (v_sms.state = 'sending' and p_attempt < v_dispatch.attempt));
  if v_dispatch.sid is null then
    update sync.sms_dispatch d
    set sid = p_sid, due_at = null, lease_token = null, ask_at = sync.sms_ask_due(now(), 0)
    where d.sms_id = v_dispatch.sms_id;
  end if;
  if v_state is null or sync.sms_rank(v_state) <= sync.sms_rank(v_sms.state) then
    return case when v_alert then 'second-sid' else 'ignored' end;
  end if;
  perform sync.set_sms_state(v_dispatch.sms_id, v_state, p_error_code,
    case when p_error_code is not null then 'The carrier reported error ' || p_error_code || '.' end);
  if sync.sms_rank(v_state) = 3 then
    update sync.sms_dispatch d set ask_at = null where d.sms_id = v_dispatch.sms_id;
  end if;
  return case when v_alert then 'second-sid' else 'applied' end;
end
$$;
