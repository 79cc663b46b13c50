-- The beginning of the ledger transaction, the same for an effect in SQL and for one in TypeScript.
--
-- Whoever carries out a click claims its key by a lock that ends with the transaction, and writes its row into the ledger
-- once, with the answer. Whoever comes later with the same key waits for the lock and then sees that row. The lock keeps
-- duplicates from working in vain; that none takes effect is the primary key's.

create function sync.key_lock(p_tenant text, p_actor text, p_key text) returns bigint
language sql immutable
return hashtextextended(p_key, hashtextextended(p_actor, hashtextextended(p_tenant, 0)));

-- Claims a key that somebody else has: waits at most settings.lock_wait, and tells whether that was enough. The caller gets
-- its own lock_timeout back.
create function sync.wait_for_key(p_lock bigint) returns boolean
language plpgsql volatile
as $$
declare
  v_lock_timeout constant text := current_setting('lock_timeout');
begin
  perform sync.limit_waits(), pg_advisory_xact_lock(p_lock);
  perform set_config('lock_timeout', v_lock_timeout, true);
  return true;
exception when lock_not_available or deadlock_detected then
  return false;
end
$$;

-- How old a click is at most, in milliseconds: by its own clock, and by ours. A clock that was set
-- back between click and sending must not make a forgotten key look fresh.
create function sync.click_age_ms(p_age_ms bigint, p_created_at_ms bigint) returns numeric
language sql stable
return greatest(coalesce(p_age_ms, 0), coalesce(extract(epoch from now()) * 1000 - p_created_at_ms, 0), 0);

-- Whether a claimed call may not start anew. Planned as a part of whoever asks.
create function sync.is_stopped(
  p_refusal text, p_key text, p_known_key text, p_age_ms bigint, p_created_at_ms bigint, p_ttl_ms bigint, p_retention_ms numeric)
  returns boolean
language sql stable
return p_refusal is not null or p_key is not null and (
  p_known_key is not null or coalesce(p_age_ms, 0) > p_ttl_ms or sync.click_age_ms(p_age_ms, p_created_at_ms) > p_retention_ms);

-- What a claimed call is answered instead of starting anew: a recorded outcome wins over every reason not to.
create function sync.instead_of_call(
  p_tenant text, p_actor text, p_key text, p_action text, p_fingerprint text, p_age_ms bigint, p_created_at_ms bigint,
  p_refusal text, p_refusal_retry_ms bigint) returns sync.answer
language plpgsql volatile
as $$
begin
  if p_key is not null and exists (select from sync.ledger l where l.tenant = p_tenant and l.actor = p_actor and l.key = p_key) then
    return sync.answer_of_known(p_tenant, p_actor, p_key, p_fingerprint);
  end if;
  if p_key is not null and sync.click_age_ms(p_age_ms, p_created_at_ms) > (select s.ledger_retention_ms from sync.settings s) then
    return sync.refusal_answer('OUTCOME_UNKNOWN');
  end if;
  if p_refusal is not null then
    return sync.refusal_answer(p_refusal, '{}', p_refusal_retry_ms);
  end if;
  return sync.record_refusal(p_tenant, p_actor, p_key, p_action, p_fingerprint, 410, sync.error_body('ACTION_EXPIRED'), null);
end
$$;

-- First of all. Claims the key of a call, bounds the waits of this transaction, makes it durable, and tells it who acts:
-- `sync.actor` and `sync.mutation_key` for the version triggers, `request.jwt.claims` for a team's own policies, `sync.codes`
-- for its refusals. Not inside a block that may be undone, which would take all this back. Without a status: go on. Else what
-- is answered instead.
-- Few statements and few expressions, because each one is prepared anew in each transaction: this runs on every click.
create function sync.open_call(
  p_tenant text, p_actor text, p_key text, p_action text, p_fingerprint text, p_age_ms bigint, p_created_at_ms bigint, p_ttl_ms bigint,
  p_refusal text, p_refusal_retry_ms bigint, p_codes text, p_claims text) returns sync.answer
language plpgsql volatile
set enable_seqscan = off set jit = off
as $$
declare
  v_stops boolean;
  v_set text;
begin
  if p_key is not null and not pg_try_advisory_xact_lock(sync.key_lock(p_tenant, p_actor, p_key))
    and not sync.wait_for_key(sync.key_lock(p_tenant, p_actor, p_key)) then
    return sync.refusal_answer('IDEMPOTENCY_IN_PROGRESS');
  end if;
  -- A statement after the lock: only a new snapshot sees what whoever had the key before recorded.
  select sync.is_stopped(p_refusal, p_key, l.key, p_age_ms, p_created_at_ms, p_ttl_ms, s.ledger_retention_ms),
    set_config('lock_timeout', s.lock_wait_ms, true)
    || set_config('sync.actor', p_actor, true)
    || set_config('sync.mutation_key', coalesce(p_key, ''), true)
    || case when current_setting('synchronous_commit') = 'off' then set_config('synchronous_commit', 'on', true) else '' end
    || case when p_codes is null then '' else set_config('sync.codes', p_codes, true) end
    || case when p_claims is null then '' else set_config('request.jwt.claims', p_claims, true) end
  into strict v_stops, v_set
  from sync.settings s left join sync.ledger l on l.tenant = p_tenant and l.actor = p_actor and l.key = p_key;
  if v_stops then
    return sync.instead_of_call(
      p_tenant, p_actor, p_key, p_action, p_fingerprint, p_age_ms, p_created_at_ms, p_refusal, p_refusal_retry_ms);
  end if;
  return null;
end
$$;

-- The same as the first statement of a transaction that an effect in TypeScript shares, whose lock_timeout it leaves alone. It
-- also keeps what whoever records needs: that is no concern of the statement that does.
create function sync.claim_in_transaction(
  p_tenant text, p_actor text, p_key text, p_action text, p_fingerprint text, p_age_ms bigint, p_created_at_ms bigint, p_ttl_ms bigint,
  p_refusal text, p_refusal_retry_ms bigint, p_claims text) returns sync.answer
language plpgsql volatile
set enable_seqscan = off set jit = off
as $$
declare
  v_stops boolean;
  v_set text;
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
  if p_key is not null and not pg_try_advisory_xact_lock(sync.key_lock(p_tenant, p_actor, p_key))
    and not sync.wait_for_key(sync.key_lock(p_tenant, p_actor, p_key)) then
    return sync.refusal_answer('IDEMPOTENCY_IN_PROGRESS');
  end if;
  select sync.is_stopped(p_refusal, p_key, l.key, p_age_ms, p_created_at_ms, p_ttl_ms, s.ledger_retention_ms),
    set_config('sync.actor', p_actor, true)
    || set_config('sync.mutation_key', coalesce(p_key, ''), true)
    || set_config('sync.action', p_action, true)
    || set_config('sync.fingerprint', p_fingerprint, true)
    || case when current_setting('synchronous_commit') = 'off' then set_config('synchronous_commit', 'on', true) else '' end
    || case when p_claims is null then '' else set_config('request.jwt.claims', p_claims, true) end
  into strict v_stops, v_set
  from sync.settings s left join sync.ledger l on l.tenant = p_tenant and l.actor = p_actor and l.key = p_key;
  if v_stops then
    return sync.instead_of_call(
      p_tenant, p_actor, p_key, p_action, p_fingerprint, p_age_ms, p_created_at_ms, p_refusal, p_refusal_retry_ms);
  end if;
  return null;
end
$$;

-- Whether what is open here is a part of a transaction that may be undone alone, which only a row that it wrote shows. The
-- probe of inLedger asks, once for each `transaction`, and is undone.
create function sync.is_part_of_transaction() returns boolean
language plpgsql volatile
as $$
declare
  v_key constant text := gen_random_uuid();
  v_writer xid;
begin
  insert into sync.ledger (tenant, actor, key) values ('', '', v_key) returning xmin into v_writer;
  delete from sync.ledger l where l.tenant = '' and l.actor = '' and l.key = v_key;
  return v_writer <> pg_current_xact_id()::xid;
end
$$;

-- The last statement of that transaction: the answer beside its effect. Fails where the effect went on after an error.
create function sync.record_in_transaction(p_tenant text, p_actor text, p_key text, p_status integer, p_body text) returns void
language plpgsql volatile
as $$
declare
  v_writer xid;
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
  insert into sync.ledger (tenant, actor, key, action, fingerprint, status, body)
  values (p_tenant, p_actor, p_key, current_setting('sync.action'), current_setting('sync.fingerprint'), p_status, p_body)
  returning xmin into v_writer;
  if v_writer <> pg_current_xact_id()::xid then
    raise exception using errcode = 'SY002', message =
      'The transaction of inLedger was opened inside another one, which could be undone after the answer was given. Let its `transaction` open one of its own.';
  end if;
end
$$;
