-- The beginning of the ledger transaction, the same for an effect in SQL and for one in TypeScript.

-- How old a click is at most, in milliseconds: by its own clock, and by ours. A clock that was set
-- back between click and sending must not make a forgotten key look fresh.
create function sync.click_age_ms(p_age_ms bigint, p_created_at_ms bigint) returns numeric
language sql stable
return greatest(coalesce(p_age_ms, 0), coalesce(extract(epoch from now()) * 1000 - p_created_at_ms, 0), 0);

-- First of all: bounds the waits of this transaction, makes it durable, and tells it who acts: `sync.actor` and
-- `sync.mutation_key` for the version triggers, `request.jwt.claims` for a team's own policies, `sync.codes` for its
-- refusals. Not inside a block that may be undone, which would take the settings back. All in one expression, because each
-- one counts: this runs on every click.
-- Returns whether the click is older than the ledger remembers.
create function sync.open_call(p_actor text, p_key text, p_age_ms bigint, p_created_at_ms bigint, p_codes text, p_claims text) returns boolean
language plpgsql volatile
as $$
declare
  v_forgotten boolean;
  v_wait_ms text;
  v_set text;
begin
  select sync.click_age_ms(p_age_ms, p_created_at_ms) > s.ledger_retention_ms, s.lock_wait_ms into strict v_forgotten, v_wait_ms
  from sync.settings s;
  v_set := set_config('lock_timeout', v_wait_ms, true)
    || set_config('sync.actor', p_actor, true)
    || set_config('sync.mutation_key', coalesce(p_key, ''), true)
    || case when current_setting('synchronous_commit') = 'off' then set_config('synchronous_commit', 'on', true) else '' end
    || case when p_codes is null then '' else set_config('sync.codes', p_codes, true) end
    || case when p_claims is null then '' else set_config('request.jwt.claims', p_claims, true) end;
  return v_forgotten and p_key is not null;
end
$$;

-- Claims a key for its effect. Without a status: go on, it is claimed (or has none). Else what is answered instead.
-- `p_top_level`: it must be the transaction itself that claims, not a part of it that may be undone alone.
-- Locks: the ledger row of the key. Waits at most settings.lock_wait for whoever claimed it before.
create function sync.claim(
  p_tenant text, p_actor text, p_key text, p_action text, p_fingerprint text, p_age_ms bigint, p_ttl_ms bigint,
  p_refusal text, p_refusal_retry_ms bigint, p_forgotten boolean, p_top_level boolean default false) returns sync.answer
language plpgsql volatile
as $$
declare
  v_expired boolean := p_key is not null and coalesce(p_age_ms, 0) > p_ttl_ms;
  v_body text;
  v_answer sync.answer;
  v_writer xid;
begin
  if p_refusal is not null or p_forgotten then
    -- A recorded outcome wins over every reason not to start anew.
    select * into v_answer from sync.find_answer(p_tenant, p_actor, p_key, p_fingerprint);
    return case
      when found then v_answer
      when p_forgotten then sync.refusal_answer('OUTCOME_UNKNOWN')
      else sync.refusal_answer(p_refusal, '{}', p_refusal_retry_ms) end;
  end if;
  if p_key is null then
    return null;
  end if;
  if v_expired then
    v_body := sync.error_body('ACTION_EXPIRED');
  end if;
  insert into sync.ledger (tenant, actor, key, action, fingerprint, status, body)
  values (p_tenant, p_actor, p_key, p_action, p_fingerprint, case when v_expired then 410 end, v_body)
  on conflict do nothing
  returning xmin into v_writer;
  if not found then
    -- A statement of its own: only a new snapshot sees the row that won.
    select * into v_answer from sync.find_answer(p_tenant, p_actor, p_key, p_fingerprint);
    return case when found then v_answer else sync.refusal_answer('IDEMPOTENCY_IN_PROGRESS') end;
  end if;
  if p_top_level and v_writer <> pg_current_xact_id()::xid then
    raise exception using errcode = 'SY002', message =
      'The transaction of inLedger was opened inside another one, which could be undone after the answer was given. Let its `transaction` open one of its own.';
  end if;
  if v_expired then
    return row(410, v_body, false, true, null, null, false, null)::sync.answer;
  end if;
  return null;
end
$$;

-- The first statement of a transaction that an effect in TypeScript shares: opens the call and claims its key. The effect
-- gets its own lock_timeout back. Without a status: go on.
create function sync.claim_in_transaction(
  p_tenant text, p_actor text, p_key text, p_action text, p_fingerprint text, p_age_ms bigint, p_created_at_ms bigint, p_ttl_ms bigint,
  p_refusal text, p_refusal_retry_ms bigint, p_claims text) returns sync.answer
language plpgsql volatile
as $$
declare
  v_lock_timeout text := current_setting('lock_timeout');
  v_forgotten boolean;
  v_answer sync.answer;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception using errcode = 'SY002', message = format(
      'The transaction of inLedger is "%s", in which a duplicate could not see the first one''s answer. Let its `transaction` open it as read committed.',
      current_setting('transaction_isolation'));
  end if;
  if pg_current_xact_id_if_assigned() is not null then
    raise exception using errcode = 'SY002', message =
      'The transaction of inLedger had written before its key was claimed. Let its `transaction` open one of its own.';
  end if;
  v_forgotten := sync.open_call(p_actor, p_key, p_age_ms, p_created_at_ms, null, p_claims);
  v_answer := sync.claim(
    p_tenant, p_actor, p_key, p_action, p_fingerprint, p_age_ms, p_ttl_ms, p_refusal, p_refusal_retry_ms, v_forgotten, true);
  perform set_config('lock_timeout', v_lock_timeout, true);
  return v_answer;
end
$$;

-- The last statement of that transaction: the answer beside its effect. Fails where the effect went on after an error.
create function sync.record_in_transaction(p_tenant text, p_actor text, p_key text, p_status integer, p_body text) returns void
language plpgsql volatile
as $$
begin
  -- What the database would judge at the commit it judges here, where the port still says which rule it was.
  set constraints all immediate;
  if p_key is null then
    return;
  end if;
  if current_setting('sync.mutation_key', true) is distinct from p_key then
    raise exception using errcode = 'SY002', message =
      'The answer of an effect came in another transaction than the claim of its key. Let the `transaction` of inLedger run both on one connection.';
  end if;
  -- By the primary key whatever the planner believes.
  insert into sync.ledger as l (tenant, actor, key, status, body) values (p_tenant, p_actor, p_key, p_status, p_body)
  on conflict (tenant, actor, key) do update set status = excluded.status, body = excluded.body;
end
$$;
