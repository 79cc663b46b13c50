-- What the ledger holds for a key. A session keeps the plan of a statement until the table is analyzed again; one made
-- while the ledger was empty or small reads all of it, so that each click costs more than the last. Hence
-- `enable_seqscan = off` on whatever looks a key up. Before Postgres 18 that counts as an enormous cost wherever nothing but a
-- whole table can be read (the one row of settings), and where the server compiles costly statements it would compile this
-- one on each click, for a third of a second: hence `jit = off` beside it.

-- The stored answer of a ledger row; of one that was open and has reached its end meanwhile, the first final
-- answer is recorded here and stays. Locks: the ledger row, when it records.
create function sync.stored_answer(p_row sync.ledger) returns sync.answer
language plpgsql volatile
as $$
declare
  v_row sync.ledger := p_row;
  v_outcome sync.outcome;
begin
  if v_row.status is not null then
    return row(v_row.status, v_row.body, true, true, null, v_row.ref, false, null)::sync.answer;
  end if;
  v_outcome := sync.open_outcome(v_row.effect, v_row.ref);
  if v_outcome.status = 202 then
    return row(202, v_outcome.body, true, false, (v_outcome.body::jsonb ->> 'retryAfterMs')::integer, v_row.ref, false, null)::sync.answer;
  end if;
  perform sync.require_answer(v_row.effect, v_outcome), sync.limit_waits();
  update sync.ledger l set status = v_outcome.status, body = v_outcome.body
  where l.tenant = v_row.tenant and l.actor = v_row.actor and l.key = v_row.key and l.status is null;
  -- Someone else may have recorded it first: then theirs are the bytes.
  select * into v_row from sync.ledger l where l.tenant = v_row.tenant and l.actor = v_row.actor and l.key = v_row.key;
  return row(v_row.status, v_row.body, true, true, null, v_row.ref, false, null)::sync.answer;
end
$$;

-- What the ledger answers to a key; no row when it does not know it. Does not see an uncommitted claim.
create function sync.find_answer(p_tenant text, p_actor text, p_key text, p_fingerprint text) returns setof sync.answer
language plpgsql volatile
set enable_seqscan = off set jit = off
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

-- The same for a key that the ledger knew a moment ago.
create function sync.answer_of_known(p_tenant text, p_actor text, p_key text, p_fingerprint text) returns sync.answer
language plpgsql volatile
as $$
declare
  v_answer sync.answer;
begin
  select * into v_answer from sync.find_answer(p_tenant, p_actor, p_key, p_fingerprint);
  -- Its retention ended just now.
  return case when found then v_answer else sync.refusal_answer('IDEMPOTENCY_IN_PROGRESS') end;
end
$$;
