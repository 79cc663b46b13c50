-- What becomes of an effect that failed.

-- What an error of the database says about an effect. 'refused': a rule of the team's does not allow it, and will not:
-- wrong data (22), a constraint (23, 44), a value that is too large (54), `raise exception`, or a code of the team's own.
-- 'busy': come again (40, 55). Null: trouble of the server's or of the code's, which is told as it is. A test holds it equal
-- to endingOfError.ts, but for a policy of row-level security: its state (42501) is that of a missing grant, and nothing but
-- a sentence in the server's language tells them apart here. There it is known.
create function sync.ending_of_error(p_state text) returns text
language sql immutable
return case
  when p_state = 'P0001' or left(p_state, 2) in ('22', '23', '44', '54') then 'refused'
  when left(p_state, 2) in ('40', '55') then 'busy'
  -- Every class that Postgres itself raises.
  when left(p_state, 2) not in (
    '00', '01', '02', '03', '08', '09', '0A', '0B', '0F', '0L', '0P', '0Z', '20', '21', '24', '25', '26', '27', '28', '2B', '2D',
    '2F', '34', '38', '39', '3B', '3D', '3F', '42', '53', '57', '58', '72', 'F0', 'HV', 'P0', 'SY', 'XX') then 'refused'
  end;

-- A message about wrong data without the data, which are quoted in it: by what stands for a quotation in the server's
-- language. So what is no plain text ends it.
create function sync.without_quoted(p_message text) returns text
language sql immutable
return (
  select k.kept || case when k.kept = m.message then '' else '…' end
  from (select regexp_replace(p_message, '".*"', '"…"')) m (message), substring(m.message from '^(?:[ !#-&(-_a-~]|"…")*') k (kept));

-- Which rule it was, for the log: the constraint, or the message.
create function sync.reason_of_error(p_state text, p_constraint text, p_message text) returns text
language sql immutable
return left(p_state || ' ' || case
  when p_constraint <> '' then p_constraint
  when left(p_state, 2) = '22' then sync.without_quoted(p_message)
  else p_message end, 500);

-- Records an answer that has no effect beside it: what failed can record nothing, so this is a statement after it; whoever
-- came in between with the same key keeps theirs. Locks: the key. Waits at most settings.lock_wait for it.
create function sync.record_refusal(
  p_tenant text, p_actor text, p_key text, p_action text, p_fingerprint text, p_status integer, p_body text, p_reason text) returns sync.answer
language plpgsql volatile
as $$
begin
  if p_key is not null then
    if not sync.wait_for_key(sync.key_lock(p_tenant, p_actor, p_key)) then
      return sync.refusal_answer('IDEMPOTENCY_IN_PROGRESS');
    end if;
    perform sync.limit_waits();
    insert into sync.ledger (tenant, actor, key, action, fingerprint, status, body)
    values (p_tenant, p_actor, p_key, p_action, p_fingerprint, p_status, p_body)
    on conflict do nothing;
    if not found then
      return sync.answer_of_known(p_tenant, p_actor, p_key, p_fingerprint);
    end if;
  end if;
  return row(p_status, p_body, false, p_key is not null, null, null, false, p_reason)::sync.answer;
end
$$;
