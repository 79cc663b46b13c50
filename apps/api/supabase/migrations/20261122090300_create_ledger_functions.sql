-- The ledger transaction. Callers: the API's services as the owner of this schema, one call a request,
-- READ COMMITTED. An action is an effect sync.<name>(sync.action_call, jsonb) returns sync.outcome;
-- `call sync.define_action('<name>')` makes sync.run_<name>, which does the rest. No function here has a
-- search_path of its own (it costs a quarter of an action's time): every name is qualified instead.
insert into sync.migrations (version, name) values ('20261122090300', 'create_ledger_functions');

-- Who clicked what, as an effect sees it. `key` is null when last-writer-wins was asked for;
-- `ttl_left_ms` is how long the click is still worth carrying out.
create type sync.action_call as (tenant text, actor text, key text, action text, ttl_left_ms bigint);

-- What an effect decided: an answer, or the row from which the answer will be computed (`ref`, status null).
create type sync.outcome as (status integer, body text, ref text);

-- What a request is answered. Mirrors ActionAnswer of the services.
create type sync.answer as (
  status integer, body text, replayed boolean, recorded boolean, retry_after_ms integer, ref text, fingerprint_unknown boolean);

-- A rejection that is recorded: the same key gets it again.
create function sync.reject(p_code text, p_extra jsonb default '{}') returns sync.outcome
language sql stable
return (
  select row(e.status, sync.error_body(p_code, p_extra), null)::sync.outcome from sync.error_codes e where e.code = p_code);

-- A refusal that leaves no trace, the claim included: the same key may succeed later.
create function sync.refuse(p_code text, p_extra jsonb default '{}') returns void
language plpgsql stable
as $$
begin
  raise exception using errcode = 'SY001', message = p_code, detail = p_extra::text;
end
$$;

create function sync.refusal_answer(p_code text, p_extra jsonb default '{}', p_retry_after_ms bigint default null) returns sync.answer
language plpgsql stable
as $$
declare
  v_retry_ms integer := p_retry_after_ms;
  v_extra jsonb := p_extra;
begin
  if v_retry_ms is null and p_code in ('IDEMPOTENCY_IN_PROGRESS', 'ROW_BUSY') then
    select (extract(epoch from s.retry_after) * 1000)::integer into v_retry_ms from sync.settings s;
  end if;
  if v_retry_ms is not null then
    v_extra := v_extra || jsonb_build_object('retryAfterMs', v_retry_ms);
  end if;
  if p_code = 'CIRCUIT_BREAKER_OPEN' then
    v_extra := v_extra || '{"retrying": true}';
  end if;
  return (
    select row(e.status, sync.error_body(p_code, v_extra), false, false, v_retry_ms, null, false)::sync.answer
    from sync.error_codes e where e.code = p_code);
end
$$;

-- Where an SMS stands, as an answer. Final outcomes have a ledger-worthy status; 202 means: not yet.
create function sync.sms_outcome(p_sms_id text) returns sync.outcome
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
      return row(202, (jsonb_build_object('success', true, 'sms', v_view)
        || case when coalesce(v_given_up, false) then '{"code": "OUTCOME_UNKNOWN"}'::jsonb else '{}' end)::text, p_sms_id)::sync.outcome;
  end case;
end
$$;

-- The row with the names the integration guide uses.
create function sync.sms_view(p_row public.sms_messages) returns jsonb
language sql stable
return sync.row_json(p_row) || jsonb_build_object(
  'leadId', p_row.lead_id, 'sentAt', sync.instant(coalesce(p_row.sent_at, p_row.created_at)));

-- The stored answer of a ledger row; of an SMS that reached its end meanwhile, the first final answer
-- is recorded here and stays. Locks: the ledger row, when it records.
create function sync.stored_answer(p_row sync.ledger) returns sync.answer
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
    return row(202, v_outcome.body, true, false,
      (select (extract(epoch from s.retry_after) * 1000)::integer from sync.settings s), v_row.ref, false)::sync.answer;
  end if;
  perform sync.limit_waits();
  update sync.ledger l set status = v_outcome.status, body = v_outcome.body
  where l.tenant = v_row.tenant and l.actor = v_row.actor and l.key = v_row.key and l.status is null;
  -- Someone else may have recorded it first: then theirs are the bytes.
  select * into v_row from sync.ledger l where l.tenant = v_row.tenant and l.actor = v_row.actor and l.key = v_row.key;
  return row(v_row.status, v_row.body, true, true, null, v_row.ref, false)::sync.answer;
end
$$;

-- What the ledger answers to a key; no row when it does not know it. Does not see an uncommitted claim.
create function sync.find_answer(p_tenant text, p_actor text, p_key text, p_fingerprint text) returns setof sync.answer
language plpgsql volatile
as $$
declare
  v_row sync.ledger;
  v_answer sync.answer;
  v_same_version boolean;
begin
  select * into v_row from sync.ledger l where l.tenant = p_tenant and l.actor = p_actor and l.key = p_key;
  if not found then
    return;
  end if;
  -- A fingerprint made by another version of the rule cannot be compared: it counts as a match.
  v_same_version := coalesce(split_part(v_row.fingerprint, ':', 1) = split_part(p_fingerprint, ':', 1), true);
  if v_same_version and v_row.fingerprint <> p_fingerprint then
    return next sync.refusal_answer('IDEMPOTENCY_KEY_REUSED');
    return;
  end if;
  v_answer := sync.stored_answer(v_row);
  v_answer.fingerprint_unknown := not v_same_version;
  return next v_answer;
end
$$;

-- How old a click is at most, in milliseconds: by its own clock, and by ours. A clock that was set
-- back between click and sending must not make a forgotten key look fresh.
create function sync.click_age_ms(p_age_ms bigint, p_created_at_ms bigint) returns numeric
language sql stable
return greatest(coalesce(p_age_ms, 0), coalesce(extract(epoch from now()) * 1000 - p_created_at_ms, 0), 0);

-- Makes sync.run_<effect>: the effect exactly once per key, in one transaction: claim, effect, answer.
-- Locks: the ledger row of the key, then whatever the effect locks. Waits at most settings.lock_wait for each.
-- One function per action, because a dynamic call of the effect would be planned anew each time.
create procedure sync.define_action(p_effect text)
language plpgsql
as $$
begin
  execute format($template$
create function sync.%1$I(
  p_tenant text, p_actor text, p_key text, p_action text, p_fingerprint text, p_request jsonb,
  p_age_ms bigint, p_created_at_ms bigint, p_ttl_ms bigint, p_refusal text, p_refusal_retry_ms bigint) returns sync.answer
language plpgsql volatile
as $run$
declare
  v_claimed boolean := p_key is null;
  v_refusal text := p_refusal;
  v_forgotten boolean;
  v_retry_ms integer;
  v_answer sync.answer;
  v_outcome sync.outcome;
  v_code text;
  v_extra text;
begin
  -- One statement, because each one counts: this runs on every click. The last two are for the version triggers.
  select
    sync.click_age_ms(p_age_ms, p_created_at_ms) > extract(epoch from s.ledger_retention) * 1000,
    extract(epoch from s.retry_after) * 1000
  into strict v_forgotten, v_retry_ms
  from sync.settings s
  where set_config('lock_timeout', (extract(epoch from s.lock_wait) * 1000)::integer::text, true) is not null
    and set_config('sync.actor', p_actor, true) is not null
    and set_config('sync.mutation_key', coalesce(p_key, ''), true) is not null;
  if v_forgotten and p_key is not null then
    v_refusal := 'OUTCOME_UNKNOWN';
  end if;
  if v_refusal is not null then
    -- A recorded outcome wins over every reason not to start anew.
    select * into v_answer from sync.find_answer(p_tenant, p_actor, p_key, p_fingerprint);
    return case when found then v_answer else sync.refusal_answer(v_refusal, '{}', case when v_refusal = p_refusal then p_refusal_retry_ms end) end;
  end if;

  -- What this block undoes on an error is the claim and the effect; variables keep their values.
  begin
    if p_key is not null then
      insert into sync.ledger (tenant, actor, key, action, fingerprint) values (p_tenant, p_actor, p_key, p_action, p_fingerprint)
      on conflict do nothing;
      if not found then
        -- A statement of its own: only a new snapshot sees the row that won.
        select * into v_answer from sync.find_answer(p_tenant, p_actor, p_key, p_fingerprint);
        return case when found then v_answer else sync.refusal_answer('IDEMPOTENCY_IN_PROGRESS') end;
      end if;
      v_claimed := true;
    end if;

    if p_key is not null and coalesce(p_age_ms, 0) > p_ttl_ms then
      v_outcome := sync.reject('ACTION_EXPIRED');
    else
      v_outcome := sync.%2$I(
        row(p_tenant, p_actor, p_key, p_action, p_ttl_ms - greatest(coalesce(p_age_ms, 0), 0))::sync.action_call, p_request);
    end if;

    if p_key is not null then
      update sync.ledger l set status = v_outcome.status, body = v_outcome.body, ref = v_outcome.ref
      where l.tenant = p_tenant and l.actor = p_actor and l.key = p_key;
    end if;
  exception
    when lock_not_available or deadlock_detected then
      return sync.refusal_answer(case when v_claimed then 'ROW_BUSY' else 'IDEMPOTENCY_IN_PROGRESS' end);
    when sqlstate 'SY001' then
      get stacked diagnostics v_code = message_text, v_extra = pg_exception_detail;
      return sync.refusal_answer(v_code, v_extra::jsonb);
  end;

  if v_outcome.status is null then
    v_outcome := sync.sms_outcome(v_outcome.ref);
    return row(v_outcome.status, v_outcome.body, false, false, v_retry_ms, v_outcome.ref, false)::sync.answer;
  end if;
  return row(v_outcome.status, v_outcome.body, false, p_key is not null, null, v_outcome.ref, false)::sync.answer;
end
$run$
  $template$, 'run_' || p_effect, p_effect);
end
$$;

-- What stands for a key, as the body of GET /api/mutations/:key and of its resolve.
create function sync.mutation_state(p_row sync.ledger) returns sync.answer
language plpgsql volatile
as $$
declare
  v_answer sync.answer := sync.stored_answer(p_row);
  v_state text;
begin
  v_state := case
    when v_answer.recorded and (v_answer.body::jsonb ->> 'code') = 'ACTION_ABANDONED' then 'abandoned'
    when v_answer.recorded then 'recorded'
    when (v_answer.body::jsonb ->> 'code') = 'OUTCOME_UNKNOWN' then 'unknown'
    else 'pending' end;
  return row(200, jsonb_build_object(
    'key', p_row.key, 'state', v_state, 'status', v_answer.status, 'body', v_answer.body)::text, false, false, null, p_row.ref, false)::sync.answer;
end
$$;

create function sync.look_up_mutation(p_tenant text, p_actor text, p_key text) returns sync.answer
language plpgsql volatile
as $$
declare
  v_row sync.ledger;
begin
  select * into v_row from sync.ledger l where l.tenant = p_tenant and l.actor = p_actor and l.key = p_key;
  return case when found then sync.mutation_state(v_row) else sync.refusal_answer('NOT_FOUND') end;
end
$$;

-- Takes an SMS that was not handed over yet out of the dispatcher's hands. Locks: its dispatch row, its row.
create function sync.cancel_sms(p_sms_id text) returns void
language plpgsql volatile
as $$
begin
  perform from sync.sms_dispatch d where d.sms_id = p_sms_id for update;
  update public.sms_messages m set state = 'cancelled' where m.id = p_sms_id and m.state = 'pending';
  if found then
    update sync.sms_dispatch d set due_at = null, lease_token = null where d.sms_id = p_sms_id;
  end if;
end
$$;

-- Abandons a key, or tells what stands for it. The insert waits for an uncommitted claim, which a
-- select would not see. Locks: the ledger row; of a pending SMS, its dispatch row and its row.
create function sync.resolve_mutation(p_tenant text, p_actor text, p_key text, p_age_ms bigint, p_created_at_ms bigint) returns sync.answer
language plpgsql volatile
as $$
declare
  v_settings sync.settings;
  v_row sync.ledger;
begin
  select * into strict v_settings from sync.settings;
  select * into v_row from sync.ledger l where l.tenant = p_tenant and l.actor = p_actor and l.key = p_key;
  if not found and sync.click_age_ms(p_age_ms, p_created_at_ms) > extract(epoch from v_settings.ledger_retention) * 1000 then
    -- The ledger may have known it and forgotten.
    return row(200, jsonb_build_object('key', p_key, 'state', 'unknown', 'status', 410, 'body', sync.error_body('OUTCOME_UNKNOWN'))::text,
      false, false, null, null, false)::sync.answer;
  end if;
  perform sync.limit_waits(), set_config('sync.actor', p_actor, true), set_config('sync.mutation_key', p_key, true);
  begin
    insert into sync.ledger (tenant, actor, key, abandoned, status, body)
    values (p_tenant, p_actor, p_key, true, 410, sync.error_body('ACTION_ABANDONED'))
    on conflict do nothing;
    select * into strict v_row from sync.ledger l where l.tenant = p_tenant and l.actor = p_actor and l.key = p_key;
    if v_row.status is null then
      perform sync.cancel_sms(v_row.ref);
    end if;
    return sync.mutation_state(v_row);
  exception when lock_not_available or deadlock_detected then
    return sync.refusal_answer('IDEMPOTENCY_IN_PROGRESS');
  end;
end
$$;
