-- The ledger transaction. Callers: the API's services, one call a request, READ COMMITTED. An action is an effect
-- sync.<name>(sync.action_call, jsonb) returns sync.outcome; `call sync.define_action('<name>')` makes
-- sync.run_<name>, which does the rest. No function here has a search_path of its own (it costs a quarter of an
-- action's time): every name is qualified instead.

-- How old a click is at most, in milliseconds: by its own clock, and by ours. A clock that was set
-- back between click and sending must not make a forgotten key look fresh.
create function sync.click_age_ms(p_age_ms bigint, p_created_at_ms bigint) returns numeric
language sql stable
return greatest(coalesce(p_age_ms, 0), coalesce(extract(epoch from now()) * 1000 - p_created_at_ms, 0), 0);

-- Makes sync.run_<effect>: the effect exactly once per key, in one transaction: claim, effect, answer.
-- Locks: the ledger row of the key, then whatever the effect locks. Waits at most settings.lock_wait for each.
-- One function per action, because a dynamic call of the effect would be planned anew each time. An action may be
-- defined again.
create procedure sync.define_action(p_effect text, p_outcome_of text default null, p_cancel text default null)
language plpgsql
as $$
begin
  insert into sync.actions (effect, outcome_of, cancel) values (p_effect, p_outcome_of, p_cancel)
  on conflict (effect) do update set outcome_of = excluded.outcome_of, cancel = excluded.cancel;
  execute format($template$
create or replace function sync.%1$I(
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
    and case when current_setting('synchronous_commit') = 'off' then set_config('synchronous_commit', 'on', true) else '' end is not null
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
      -- The claim is there, so this always updates it, and by the primary key whatever the planner believes.
      insert into sync.ledger as l (tenant, actor, key, status, body, ref, effect)
      values (p_tenant, p_actor, p_key, v_outcome.status, v_outcome.body, v_outcome.ref, case when v_outcome.status is null then %3$L end)
      on conflict (tenant, actor, key) do update
      set status = excluded.status, body = excluded.body, ref = excluded.ref, effect = excluded.effect;
    end if;
  exception
    when lock_not_available or deadlock_detected then
      return sync.refusal_answer(case when v_claimed then 'ROW_BUSY' else 'IDEMPOTENCY_IN_PROGRESS' end);
    when sqlstate 'SY001' then
      get stacked diagnostics v_code = message_text, v_extra = pg_exception_detail;
      return sync.refusal_answer(v_code, v_extra::jsonb);
  end;

  if v_outcome.status is null then
    %4$s
    return row(v_outcome.status, v_outcome.body, false, false, v_retry_ms, v_outcome.ref, false)::sync.answer;
  end if;
  return row(v_outcome.status, v_outcome.body, false, p_key is not null, null, v_outcome.ref, false)::sync.answer;
end
$run$
  $template$, 'run_' || p_effect, p_effect, p_effect,
    case when p_outcome_of is null
      then format($s$raise exception 'The effect sync.%% gave no status. An effect that leaves its answer open names who computes it: define_action(…, p_outcome_of => …).', %L;$s$, p_effect)
      else format('v_outcome := sync.%I(v_outcome.ref);', p_outcome_of) end);
end
$$;
