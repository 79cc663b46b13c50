-- The id of a click, and of the SMS it makes: the same click can never make two. Lengths keep "a"+"bc" apart from "ab"+"c".
create function sync.sms_id(p_call sync.action_call) returns text
language sql immutable
return 'sms-' || left(encode(sha256(convert_to(
  length(p_call.tenant) || ':' || p_call.tenant || length(p_call.actor) || ':' || p_call.actor || p_call.key, 'UTF8')), 'hex'), 32);

-- sms.send: takes the SMS over. The request carries `phone` (as the service read it) and `to` (its E.164
-- form, null when no SMS can reach it), and `traceparent`. Whoever reads the row afterwards owns the sending. `again` says
-- that the same words are meant once more.
create function sync.send_sms(p_call sync.action_call, p_request jsonb) returns sync.outcome
language plpgsql volatile
as $$
declare
  v_lead record;
  v_id text := sync.sms_id(p_call);
  v_sms_id text;
  v_outcome sync.outcome;
  v_deadline timestamptz := now() + make_interval(secs => p_call.ttl_left_ms / 1000.0);
begin
  -- Held: a deletion at the same moment would not see this SMS, and leave it behind.
  select * into v_lead from sync.find_lead(p_call.tenant, p_request ->> 'leadId', p_hold => true);
  if v_lead.id is null then
    perform sync.refuse('NOT_FOUND');
  end if;
  if v_lead.phone is distinct from p_request ->> 'phone' then
    -- It was corrected between the service's look and this one: come again with the new number.
    perform sync.refuse('ROW_BUSY');
  end if;
  if p_request ->> 'to' is null then
    return sync.reject('PHONE_INVALID');
  end if;
  if exists (select from sync.opt_outs o where o.phone = p_request ->> 'to' and o.opted_out) then
    return sync.reject('OPTED_OUT');
  end if;
  if exists (select from sync.sms_clicks c where c.id = v_id) or exists (select from sync.sms_messages m where m.id = v_id) then
    -- The ledger forgot this click, the message did not: it must not go out twice.
    perform sync.refuse('OUTCOME_UNKNOWN');
  end if;
  v_sms_id := sync.pass_sms_gate(v_id, p_call.tenant, v_lead.id, p_request ->> 'to', p_request ->> 'message',
    coalesce((p_request ->> 'again')::boolean, false));
  if v_sms_id = v_id then
    insert into sync.sms_messages (id, org_id, lead_id, message, template_id)
    values (v_id, p_call.tenant, v_lead.id, p_request ->> 'message', p_request ->> 'templateId');
    insert into sync.sms_dispatch (sms_id, org_id, to_number, mutation_key, actor, traceparent, deadline_at, due_at)
    values (v_id, p_call.tenant, p_request ->> 'to', p_call.key, p_call.actor, p_request ->> 'traceparent', v_deadline, now());
    insert into sync.sms_clicks (id, sms_id, deadline_at) values (v_id, v_id, v_deadline);
    return row(null, null, v_id)::sync.outcome;
  end if;
  update sync.sms_dispatch d set deadline_at = v_deadline where d.sms_id = v_sms_id and d.deadline_at < v_deadline;
  insert into sync.sms_clicks (id, sms_id, deadline_at) values (v_id, v_sms_id, v_deadline);
  v_outcome := sync.sms_outcome(v_id);
  -- What it joined may be on its way already: then this is its final answer.
  return case when v_outcome.status = 202 then row(null, null, v_id)::sync.outcome else v_outcome end;
end
$$;

call sync.make_action('send_sms', p_outcome_of => 'sms_outcome', p_cancel => 'cancel_sms');
