-- The ledger transaction. Callers: the API's services, one call a request, READ COMMITTED. An action is an effect
-- sync.<name>(sync.action_call, jsonb) returns sync.outcome; `call sync.define_action('<name>')` makes
-- sync.run_<name>, which does the rest. No function here has a search_path of its own (it costs a quarter of an
-- action's time): every name is qualified instead.

-- What is wrong with the codes an action declares; null when nothing is. The same rules as defineAction of the contracts.
create function sync.objection_to_codes(p_codes jsonb) returns text
language sql stable
return case
  when p_codes is null then null
  when jsonb_typeof(p_codes) <> 'object' then 'the codes are an object by code, for example {"CREDIT_LIMIT": {"status": 422, "retryable": false, "text": "Above your credit limit."}}'
  else (
    select case
      when c.key !~ '^[A-Z][A-Z0-9_]{0,63}$' then format('a code is capital letters, digits and "_", received "%s"', c.key)
      when exists (select from sync.error_codes e where e.code = c.key) then format('%s has a meaning of its own in every deployment; take another name', c.key)
      when jsonb_typeof(c.value) <> 'object' then format('%s needs a status, "retryable" and a text', c.key)
      when coalesce(c.value ->> 'status', '') !~ '^4[0-9][0-9]$' or jsonb_typeof(c.value -> 'status') <> 'number'
        then format('%s needs a status of 400 to 499, received %s', c.key, coalesce((c.value -> 'status')::text, 'none'))
      when jsonb_typeof(c.value -> 'retryable') is distinct from 'boolean' then format('%s needs "retryable": true when the same click may succeed later, else false', c.key)
      when c.value ->> 'status' in ('401', '408', '425', '429') and not (c.value ->> 'retryable')::boolean
        then format('%s says no for good, and clients take %s for "come again"; take another status', c.key, c.value ->> 'status')
      when jsonb_typeof(c.value -> 'text') is distinct from 'string' or btrim(c.value ->> 'text') = ''
        then format('%s needs a text that tells a person what happened', c.key)
      end as objection
    from jsonb_each(p_codes) c (key, value)
    order by 1 nulls last
    limit 1) end;

-- Why no click could reach an effect, or what became of it; null when it can.
create function sync.objection_to_functions(p_effect text, p_outcome_of text, p_cancel text) returns text
language sql stable
return case
  when coalesce(p_effect, '') !~ '^[a-z_][a-z0-9_]{0,58}$' then 'the name of an effect is small letters, digits and "_", 59 at most'
  else (
    select format('there is no function sync.%s(%s)%s. Create it first', f.name, f.takes, coalesce(' that returns ' || f.returns, ''))
    from (values
      (p_effect, 'sync.action_call, jsonb', 'sync.outcome'), (p_outcome_of, 'text', 'sync.outcome'), (p_cancel, 'text', null)) f (name, takes, returns)
    where f.name is not null and not exists (
      select from pg_proc p where p.oid = to_regprocedure(format('sync.%I(%s)', f.name, f.takes))
        and (f.returns is null or p.prorettype = to_regtype(f.returns)))
    limit 1) end;

-- Makes sync.run_<effect>: the effect exactly once per key, in one transaction: claim, effect, answer.
-- Locks: the key, then whatever the effect locks. Waits at most settings.lock_wait for each.
-- One function per action, because a dynamic call of the effect would be planned anew each time. An action may be
-- defined again. `p_codes`: refusals of its own, by their codes; those that a caller of sync.run_<effect> brings with it
-- are added.
create procedure sync.define_action(p_effect text, p_outcome_of text default null, p_cancel text default null, p_codes jsonb default null)
language plpgsql
as $$
declare
  v_objection text := coalesce(sync.objection_to_codes(p_codes), sync.objection_to_functions(p_effect, p_outcome_of, p_cancel));
begin
  if v_objection is not null then
    raise exception 'define_action(''%''): %.', p_effect, v_objection using errcode = 'invalid_parameter_value';
  end if;
  call sync.make_action(p_effect, p_outcome_of, p_cancel, p_codes);
end
$$;

-- The same for a module whose functions are made later, for the team's table.
create procedure sync.make_action(p_effect text, p_outcome_of text default null, p_cancel text default null, p_codes jsonb default null)
language plpgsql
as $$
begin
  -- Replicas that start together replace the same function.
  perform pg_advisory_xact_lock(hashtextextended('sync.define_action', 0));
  insert into sync.actions (effect, outcome_of, cancel, codes) values (p_effect, p_outcome_of, p_cancel, p_codes)
  on conflict (effect) do update set outcome_of = excluded.outcome_of, cancel = excluded.cancel, codes = excluded.codes;
  execute format($template$
create or replace function sync.%1$I(
  p_tenant text, p_actor text, p_key text, p_action text, p_fingerprint text, p_request jsonb,
  p_age_ms bigint, p_created_at_ms bigint, p_ttl_ms bigint, p_refusal text, p_refusal_retry_ms bigint,
  p_codes jsonb default null, p_claims text default null) returns sync.answer
language plpgsql volatile
as $run$
declare
  v_answer sync.answer;
  v_outcome sync.outcome;
  v_state text;
  v_message text;
  v_detail text;
  v_constraint text;
  v_schema text;
begin
  v_answer := sync.open_call(
    p_tenant, p_actor, p_key, p_action, p_fingerprint, p_age_ms, p_created_at_ms, p_ttl_ms, p_refusal, p_refusal_retry_ms, %5$s, p_claims);
  if v_answer.status is not null then
    return v_answer;
  end if;

  -- What this block undoes on an error is the effect; the claim stays.
  begin
    v_outcome := sync.%2$I(
      row(p_tenant, p_actor, p_key, p_action, p_ttl_ms - greatest(coalesce(p_age_ms, 0), 0))::sync.action_call, p_request);
    if (v_outcome.status is distinct from 200 or v_outcome.body is null)%6$s then
      perform sync.require_answer(%3$L, v_outcome);
    end if;
    -- What the database would judge at the commit it judges here, where its no can still be recorded.
    set constraints all immediate;

    if p_key is not null then
      insert into sync.ledger (tenant, actor, key, action, fingerprint, status, body, ref, effect)
      values (p_tenant, p_actor, p_key, p_action, p_fingerprint, v_outcome.status, v_outcome.body, v_outcome.ref,
        case when v_outcome.status is null then %3$L end);
    end if;
  exception
    when sqlstate 'SY001' then
      get stacked diagnostics v_message = message_text, v_detail = pg_exception_detail;
      return sync.refusal_answer(v_message, v_detail::jsonb);
    when others then
      get stacked diagnostics v_state = returned_sqlstate, v_message = message_text, v_constraint = constraint_name, v_schema = schema_name;
      if v_schema = 'sync' and v_constraint = 'ledger_pkey' then
        -- Its key was claimed in another way than by its lock, or by a transaction that this one''s snapshot does not see.
        return sync.refusal_answer('IDEMPOTENCY_IN_PROGRESS');
      end if;
      case sync.ending_of_error(v_state)
        when 'busy' then
          return sync.refusal_answer('ROW_BUSY');
        when 'refused' then
          return sync.record_refusal(p_tenant, p_actor, p_key, p_action, p_fingerprint, 422, sync.error_body('EFFECT_REFUSED'),
            sync.reason_of_error(v_state, v_constraint, v_message));
        else
          raise;
      end case;
  end;
%4$s
  return row(v_outcome.status, v_outcome.body, false, p_key is not null, null, v_outcome.ref, false, null)::sync.answer;
end
$run$
  $template$, 'run_' || p_effect, p_effect, p_effect,
    case when p_outcome_of is not null then format($open$
  if v_outcome.status is null then
    v_outcome := sync.%1$I(v_outcome.ref);
    if v_outcome.status is distinct from 202 then
      perform sync.require_answer(%1$L, v_outcome);
    end if;
    return row(v_outcome.status, v_outcome.body, false, false,
      (select extract(epoch from s.retry_after) * 1000 from sync.settings s)::integer, v_outcome.ref, false, null)::sync.answer;
  end if;
$open$, p_outcome_of) else '' end,
    case when p_codes is null then 'p_codes::text' else format('coalesce(%1$L::jsonb || p_codes, %1$L)::text', p_codes) end,
    -- An effect that may leave its answer open says so with the row it will be computed from.
    case when p_outcome_of is not null then ' and (v_outcome.status is not null or v_outcome.ref is null)' else '' end);
end
$$;
