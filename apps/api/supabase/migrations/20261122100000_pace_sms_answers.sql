-- How long a caller waits before it asks again for an SMS that is on its way: follows what happens next
-- to the row, instead of one second for the whole search at the carrier, which takes minutes.
insert into sync.migrations (version, name) values ('20261122100000', 'pace_sms_answers');

alter table sync.settings
  -- Longest time a caller of an SMS on its way is told to wait.
  add column sms_longest_retry interval not null default interval '30 seconds',
  -- Nothing is due any more: only a late callback or a person can change the row.
  add column sms_given_up_retry interval not null default interval '5 minutes';

-- Milliseconds until an SMS without a final outcome is worth asking about. While it waits: when it is due,
-- or a tenth of its age. While nobody knows its fate: half the time since the attempt (a callback
-- usually comes at once), at the latest when a listing is due.
create function sync.sms_retry_ms(p_sms public.sms_messages) returns integer
language sql stable
return (
  select (extract(epoch from case
    when p_sms.state = 'indeterminate' and d.due_at is null then s.sms_given_up_retry
    else greatest(s.retry_after, least(s.sms_longest_retry, case p_sms.state
      when 'pending' then greatest(d.due_at - now(), (now() - d.created_at) / 10)
      when 'indeterminate' then least(d.due_at - now(), (now() - d.attempted_at) / 2)
      else s.retry_after end))
    end) * 1000)::integer
  from sync.sms_dispatch d, sync.settings s
  where d.sms_id = p_sms.id);

-- As before; an answer that means "not yet" now says when to ask again.
create or replace function sync.sms_outcome(p_sms_id text) returns sync.outcome
language plpgsql stable
as $$
declare
  v_sms public.sms_messages;
  v_given_up boolean;
  v_view jsonb;
begin
  select * into v_sms from public.sms_messages m where m.id = p_sms_id;
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

-- As before, with the row's own time to wait. Locks: the ledger row, when it records.
create or replace function sync.stored_answer(p_row sync.ledger) returns sync.answer
language plpgsql volatile
as $$
declare
  v_row sync.ledger := p_row;
  v_outcome sync.outcome;
begin
  if v_row.status is not null then
    return row(v_row.status, v_row.body, true, true, null, v_row.ref, false)::sync.answer;
  end if;
  v_outcome := sync.sms_outcome(v_row.ref);
  if v_outcome.status = 202 then
    return row(202, v_outcome.body, true, false, (v_outcome.body::jsonb ->> 'retryAfterMs')::integer, v_row.ref, false)::sync.answer;
  end if;
  perform sync.limit_waits();
  update sync.ledger l set status = v_outcome.status, body = v_outcome.body
  where l.tenant = v_row.tenant and l.actor = v_row.actor and l.key = v_row.key and l.status is null;
  -- Someone else may have recorded it first: then theirs are the bytes.
  select * into v_row from sync.ledger l where l.tenant = v_row.tenant and l.actor = v_row.actor and l.key = v_row.key;
  return row(v_row.status, v_row.body, true, true, null, v_row.ref, false)::sync.answer;
end
$$;
