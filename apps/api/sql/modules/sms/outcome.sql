-- The row with the names the integration guide uses.
create function sync.sms_view(p_row sync.sms_messages) returns jsonb
language sql stable
return sync.row_json(p_row) || jsonb_build_object(
  'leadId', p_row.lead_id, 'sentAt', sync.instant(coalesce(p_row.sent_at, p_row.created_at)));

-- Every listing was in vain, a person decides; also while it is still looked at whether the messages that stand in the way
-- are somebody else's.
create function sync.is_sms_left_to_person(p_sms sync.sms_messages, p_dispatch sync.sms_dispatch) returns boolean
language sql stable
return p_sms.state = 'indeterminate'
  and (p_dispatch.due_at is null or p_dispatch.listings >= (select cardinality(s.listing_delays) from sync.sms_settings s));

-- Milliseconds until an SMS without a final outcome is worth asking about. While it waits: when it is due,
-- or a tenth of its age. While nobody knows its fate: half the time since the attempt (a callback
-- usually comes at once), at the latest when a listing is due.
create function sync.sms_retry_ms(p_sms sync.sms_messages) returns integer
language sql stable
return (
  select (extract(epoch from case
    when sync.is_sms_left_to_person(p_sms, d) then greatest(e.retry_after, least(s.given_up_retry, d.due_at - now()))
    else greatest(e.retry_after, least(s.longest_retry, case p_sms.state
      when 'pending' then greatest(d.due_at - now(), (now() - d.created_at) / 10)
      when 'indeterminate' then least(d.due_at - now(), (now() - d.attempted_at) / 2)
      else e.retry_after end))
    end) * 1000)::integer
  from sync.sms_dispatch d, sync.sms_settings s, sync.settings e
  where d.sms_id = p_sms.id);

-- Where the SMS of a click stands, as that click's answer. Final outcomes have a ledger-worthy status; 202 means: not yet,
-- and says when to ask again. A click that joined another's SMS is told so, and whose it is.
create function sync.sms_outcome(p_click_id text) returns sync.outcome
language plpgsql stable
as $$
declare
  v_click sync.sms_clicks;
  v_dispatch sync.sms_dispatch;
  v_sms sync.sms_messages;
  v_answer jsonb;
begin
  select * into v_click from sync.sms_clicks c where c.id = p_click_id;
  select * into v_dispatch from sync.sms_dispatch d where d.sms_id = v_click.sms_id;
  select * into v_sms from sync.sms_messages m where m.id = v_click.sms_id;
  if not found then
    -- Its lead was deleted, and the history with it.
    return sync.reject('OUTCOME_UNKNOWN');
  end if;
  v_answer := jsonb_build_object('sms', sync.sms_view(v_sms));
  if v_click.id <> v_click.sms_id then
    v_answer := v_answer || jsonb_build_object('duplicate', true, 'sentBy', v_dispatch.actor);
  end if;
  case
    when v_sms.state in ('accepted', 'sent', 'delivered', 'undelivered') then
      return row(200, (jsonb_build_object('success', true) || v_answer)::text, v_sms.id)::sync.outcome;
    when v_sms.state = 'failed' and v_sms.error_code = 21610 then
      return sync.reject('OPTED_OUT', v_answer);
    when v_sms.state = 'failed' then
      return sync.reject('SMS_REJECTED', v_answer || jsonb_strip_nulls(jsonb_build_object(
        'error', 'The SMS was rejected by the carrier and was not sent: ' || v_sms.error_message)));
    when v_sms.state = 'expired' then
      return sync.reject('ACTION_EXPIRED', v_answer);
    when v_sms.state = 'cancelled' or (v_sms.state = 'pending' and v_click.withdrawn) then
      -- Of one that is still pending, others want it sent.
      return sync.reject('ACTION_ABANDONED', v_answer);
    else
      return row(202, (jsonb_build_object('success', true, 'retryAfterMs', sync.sms_retry_ms(v_sms)) || v_answer
        || case when sync.is_sms_left_to_person(v_sms, v_dispatch) then '{"code": "OUTCOME_UNKNOWN"}'::jsonb else '{}' end)::text,
        v_sms.id)::sync.outcome;
  end case;
end
$$;
