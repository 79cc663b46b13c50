-- Finds ledger rows by their key however old the plan is. A session keeps the plan of a statement until the
-- table is analyzed again. One made while the ledger was empty or small read all of it, so that each click cost
-- more than the last: at 5,000 keys several times as much, until autovacuum came by.
insert into sync.migrations (version, name) values ('20261122120000', 'find_ledger_rows_by_key');

-- Callers: the API, for keys that came before. Those of a new key go by sync.run_<effect>, where a setting
-- of the function would cost more than it saves.
alter function sync.find_answer(text, text, text, text) set enable_seqscan = off;
alter function sync.look_up_mutation(text, text, text) set enable_seqscan = off;
alter function sync.resolve_mutation(text, text, text, bigint, bigint) set enable_seqscan = off;

-- As before, but the answer is written without a plan to choose, and an action may be defined again.
create or replace procedure sync.define_action(p_effect text)
language plpgsql
as $$
begin
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
      insert into sync.ledger as l (tenant, actor, key, status, body, ref)
      values (p_tenant, p_actor, p_key, v_outcome.status, v_outcome.body, v_outcome.ref)
      on conflict (tenant, actor, key) do update set status = excluded.status, body = excluded.body, ref = excluded.ref;
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

-- Every action there is, a team's own included.
do $$
declare
  v_effect text;
begin
  for v_effect in
    select substr(p.proname, length('run_') + 1)
    from pg_proc p
    where p.pronamespace = 'sync'::regnamespace and p.prorettype = 'sync.answer'::regtype and starts_with(p.proname, 'run_')
  loop
    call sync.define_action(v_effect);
  end loop;
end
$$;
