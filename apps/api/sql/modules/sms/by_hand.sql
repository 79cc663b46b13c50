-- What a person may decide about one SMS: `org-api sms retry` and `org-api sms cancel`. Each tells in a word what became of it.
-- Locks: the dispatch row, the message row.

-- Locks an SMS that its organisation may decide about; null when there is none.
create function sync.hold_sms(p_sms_id text, p_tenant text) returns sync.sms_dispatch
language plpgsql volatile
as $$
declare
  v_dispatch sync.sms_dispatch;
begin
  perform sync.limit_waits();
  select * into v_dispatch from sync.sms_dispatch d where d.sms_id = p_sms_id and (p_tenant is null or d.org_id = p_tenant) for update;
  return v_dispatch;
end
$$;

-- Sends what waits now, and once more what nobody knows the fate of, where a person takes it upon them that it may arrive
-- twice. What has an end stays as it is: whoever clicked was told it, for good.
-- 'due', or why not: 'not-found', 'has-it' (the carrier), 'ended', 'under-way', 'looked-for' (it may still be found),
-- 'may-arrive-twice' (say that you mean it), 'not-wanted' (everybody withdrew it), 'too-late' (its time is over).
create function sync.retry_sms(p_sms_id text, p_tenant text, p_may_arrive_twice boolean) returns text
language plpgsql volatile
as $$
declare
  v_dispatch sync.sms_dispatch := sync.hold_sms(p_sms_id, p_tenant);
  v_sms sync.sms_messages;
  v_deadline timestamptz;
begin
  if v_dispatch.sms_id is null then
    return 'not-found';
  end if;
  select * into strict v_sms from sync.sms_messages m where m.id = p_sms_id;
  if v_sms.state in ('accepted', 'sent', 'delivered', 'undelivered') then
    return 'has-it';
  elsif v_sms.state in ('failed', 'expired', 'cancelled') then
    return 'ended';
  elsif v_sms.state = 'sending' then
    return 'under-way';
  end if;
  select max(c.deadline_at) into v_deadline from sync.sms_clicks c where c.sms_id = p_sms_id and not c.withdrawn;
  if v_deadline is null then
    return 'not-wanted';
  elsif v_deadline < now() + (select s.least_validity from sync.sms_settings s) then
    return 'too-late';
  end if;
  if v_sms.state = 'indeterminate' and not sync.is_sms_left_to_person(v_sms, v_dispatch) then
    return 'looked-for';
  elsif v_sms.state = 'indeterminate' and not p_may_arrive_twice then
    return 'may-arrive-twice';
  elsif v_sms.state = 'indeterminate' then
    -- Nothing else sends it after this.
    update sync.sms_dispatch d set resent = true, lease_token = null, last_reason = 'A person decided to send it once more.' where d.sms_id = p_sms_id;
    perform sync.settle_unsent_sms(p_sms_id);
  end if;
  update sync.sms_dispatch d set due_at = now() where d.sms_id = p_sms_id;
  return 'due';
end
$$;

-- Withdraws an SMS for everybody who clicked. 'cancelled'; 'not-again' (it may have gone out; nothing sends it again); or
-- 'not-found', 'has-it', 'ended'.
create function sync.withdraw_sms(p_sms_id text, p_tenant text) returns text
language plpgsql volatile
as $$
declare
  v_dispatch sync.sms_dispatch := sync.hold_sms(p_sms_id, p_tenant);
  v_state text;
begin
  if v_dispatch.sms_id is null then
    return 'not-found';
  end if;
  select m.state into strict v_state from sync.sms_messages m where m.id = p_sms_id;
  if v_state in ('accepted', 'sent', 'delivered', 'undelivered') then
    return 'has-it';
  elsif v_state in ('failed', 'expired', 'cancelled') then
    return 'ended';
  end if;
  update sync.sms_clicks c set withdrawn = true where c.sms_id = p_sms_id;
  if v_state <> 'pending' then
    return 'not-again';
  end if;
  perform sync.settle_unsent_sms(p_sms_id);
  return 'cancelled';
end
$$;
