-- One key of a caller's own, looked up or resolved.

-- The code of a recorded refusal; null where its body is none of ours: an effect may have written any text.
create function sync.code_of(p_status integer, p_body text) returns text
language plpgsql immutable
as $$
begin
  return case when p_status in (202, 410) then p_body::jsonb ->> 'code' end;
exception when data_exception then
  return null;
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
    when v_answer.recorded and sync.code_of(v_answer.status, v_answer.body) = 'ACTION_ABANDONED' then 'abandoned'
    when v_answer.recorded then 'recorded'
    when sync.code_of(v_answer.status, v_answer.body) = 'OUTCOME_UNKNOWN' then 'unknown'
    else 'pending' end;
  return row(200, jsonb_build_object(
    'key', p_row.key, 'state', v_state, 'status', v_answer.status, 'body', v_answer.body)::text, false, false, null, p_row.ref, false, null)::sync.answer;
end
$$;

create function sync.look_up_mutation(p_tenant text, p_actor text, p_key text) returns sync.answer
language plpgsql volatile
set enable_seqscan = off set jit = off
as $$
declare
  v_row sync.ledger;
begin
  select * into v_row from sync.ledger l where l.tenant = p_tenant and l.actor = p_actor and l.key = p_key;
  return case when found then sync.mutation_state(v_row) else sync.refusal_answer('NOT_FOUND') end;
end
$$;

-- Abandons a key, or tells what stands for it. It waits for whoever has claimed it, whose row a select would not see yet.
-- Locks: the key; of an open answer, what its cancel locks.
create function sync.resolve_mutation(p_tenant text, p_actor text, p_key text, p_age_ms bigint, p_created_at_ms bigint) returns sync.answer
language plpgsql volatile
set enable_seqscan = off set jit = off
as $$
declare
  v_settings sync.settings;
  v_row sync.ledger;
begin
  select * into strict v_settings from sync.settings;
  if not sync.wait_for_key(sync.key_lock(p_tenant, p_actor, p_key)) then
    return sync.refusal_answer('IDEMPOTENCY_IN_PROGRESS');
  end if;
  select * into v_row from sync.ledger l where l.tenant = p_tenant and l.actor = p_actor and l.key = p_key;
  if not found and sync.click_age_ms(p_age_ms, p_created_at_ms) > v_settings.ledger_retention_ms then
    -- The ledger may have known it and forgotten.
    return row(200, jsonb_build_object('key', p_key, 'state', 'unknown', 'status', 410, 'body', sync.error_body('OUTCOME_UNKNOWN'))::text,
      false, false, null, null, false, null)::sync.answer;
  end if;
  perform sync.limit_waits(), set_config('sync.actor', p_actor, true), set_config('sync.mutation_key', p_key, true);
  begin
    insert into sync.ledger (tenant, actor, key, abandoned, status, body)
    values (p_tenant, p_actor, p_key, true, 410, sync.error_body('ACTION_ABANDONED'))
    on conflict do nothing;
    select * into strict v_row from sync.ledger l where l.tenant = p_tenant and l.actor = p_actor and l.key = p_key;
    if v_row.status is null then
      perform sync.cancel_open(v_row.effect, v_row.ref);
    end if;
    return sync.mutation_state(v_row);
  exception when lock_not_available or deadlock_detected then
    return sync.refusal_answer('IDEMPOTENCY_IN_PROGRESS');
  end;
end
$$;
