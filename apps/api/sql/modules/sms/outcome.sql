-- The row with the names the integration guide uses.
create function sync.sms_view(p_row sync.sms_messages) returns jsonb
language sql stable
return sync.row_json(p_row) || jsonb_build_object(
  'leadId', p_row.lead_id, 'sentAt', sync.instant(coalesce(p_row.sent_at, p_row.created_at)));

-- Milliseconds until an SMS without a final outcome is worth asking about. While it waits: when it is due,
-- or a tenth of its age. While nobody knows its fate: half the time since the attempt (a callback
-- usually comes at once), at the latest when a listing is due.
create function sync.sms_retry_ms(p_sms sync.sms_messages) returns integer
language sql stable
return (
  select (extract(epoch from case
    when p_sms.state = 'indeterminate' and d.due_at is null then s.given_up_retry
    else greatest(e.retry_after, least(s.longest_retry, case p_sms.state
      when 'pending' then greatest(d.due_at - now(), (now() - d.created_at) / 10)
      when 'indeterminate' then least(d.due_at - now(), (now() - d.attempted_at) / 2)
      else e.retry_after end))
    end) * 1000)::integer
  from sync.sms_dispatch d, sync.sms_settings s, sync.settings e
  where d.sms_id = p_sms.id);

-- Where an SMS stands, as an answer. Final outcomes have a ledger-worthy status; 202 means: not yet, and says when to
-- ask again.
create function sync.sms_outcome(p_sms_id text) returns sync.outcome
language plpgsql stable
as $$
declare
  v_sms sync.sms_messages;
  v_given_up boolean;
  v_view jsonb;
begin
  select * into v_sms from sync.sms_messages m where m.id = p_sms_id;
  if not found then
    -- Its lead was deleted, and the history with it.
    return sync.reject('OUTCOME_UNKNOWN');
  end if;
  v_view := sync.sms_view(v_sms);
  case
    when v_sms.state in ('accepted', 'sent', 'delivered', 'undelivered') then
      return row(200, jsonb_build_object('success', true, 'sms', v_view)::text, p_sms_id)::sync.outcome;
    when v_sms.state = 'failed' and v_sms.error_code = 21610 then
      return sync.reject('OPTED_OUT', jsonb_build_object('sms', v_view));
    when v_sms.state = 'failed' then
      return sync.reject('SMS_REJECTED', jsonb_build_object('sms', v_view) || jsonb_strip_nulls(jsonb_build_object(
        'error', 'The SMS was rejected by the carrier and was not sent: ' || v_sms.error_message)));
    when v_sms.state = 'expired' then
      return sync.reject('ACTION_EXPIRED', jsonb_build_object('sms', v_view));
    when v_sms.state = 'cancelled' then
      return sync.reject('ACTION_ABANDONED', jsonb_build_object('sms', v_view));
    else
      -- Indeterminate with nothing due: every listing was in vain, a person decides.
      select v_sms.state = 'indeterminate' and d.due_at is null into v_given_up from sync.sms_dispatch d where d.sms_id = p_sms_id;
      return row(202, (jsonb_build_object('success', true, 'sms', v_view, 'retryAfterMs', sync.sms_retry_ms(v_sms))
        || case when coalesce(v_given_up, false) then '{"code": "OUTCOME_UNKNOWN"}'::jsonb else '{}' end)::text, p_sms_id)::sync.outcome;
  end case;
end
$$;

-- Takes an SMS that was not handed over yet out of the dispatcher's hands. Locks: its dispatch row, its row.
create function sync.cancel_sms(p_sms_id text) returns void
language plpgsql volatile
as $$
begin
  perform from sync.sms_dispatch d where d.sms_id = p_sms_id for update;
  update sync.sms_messages m set state = 'cancelled' where m.id = p_sms_id and m.state = 'pending';
  if found then
    update sync.sms_dispatch d set due_at = null, lease_token = null where d.sms_id = p_sms_id;
  end if;
end
$$;
