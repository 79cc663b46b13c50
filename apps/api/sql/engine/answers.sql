-- What goes into an effect and what comes out of it.

-- Who clicked what, as an effect sees it. `key` is null when last-writer-wins was asked for;
-- `ttl_left_ms` is how long the click is still worth carrying out.
create type sync.action_call as (tenant text, actor text, key text, action text, ttl_left_ms bigint);

-- What an effect decided: an answer, or the row from which the answer will be computed (`ref`, status null).
create type sync.outcome as (status integer, body text, ref text);

-- What a request is answered. Mirrors ActionAnswer of the services. `reason`: which rule of the database refused it, for
-- the log alone.
create type sync.answer as (
  status integer, body text, replayed boolean, recorded boolean, retry_after_ms integer, ref text, fingerprint_unknown boolean,
  reason text);

-- A refusal that leaves no trace, the claim included: the same key may succeed later.
create function sync.refuse(p_code text, p_extra jsonb default '{}') returns void
language plpgsql stable
as $$
begin
  raise exception using errcode = 'SY001', message = coalesce(p_code, ''), detail = coalesce(p_extra, '{}')::text;
end
$$;

-- A rejection that is recorded: the same key gets it again. A code that promises another outcome later is not: what is
-- recorded stays, so it leaves no trace instead.
create function sync.reject(p_code text, p_extra jsonb default '{}') returns sync.outcome
language plpgsql stable
as $$
declare
  v_meaning sync.error_codes := sync.meaning_of(p_code);
begin
  if v_meaning.retryable then
    perform sync.refuse(p_code, p_extra);
  end if;
  return row(v_meaning.status, sync.refusal_body(v_meaning, p_extra), null)::sync.outcome;
end
$$;

create function sync.refusal_answer(p_code text, p_extra jsonb default '{}', p_retry_after_ms bigint default null) returns sync.answer
language plpgsql stable
as $$
declare
  v_meaning sync.error_codes := sync.meaning_of(p_code);
  v_retry_ms integer := p_retry_after_ms;
  v_extra jsonb := case when jsonb_typeof(p_extra) = 'object' then p_extra else '{}' end;
begin
  if v_retry_ms is null and jsonb_typeof(v_extra -> 'retryAfterMs') = 'number' then
    v_retry_ms := greatest(0, least(86400000, (v_extra ->> 'retryAfterMs')::numeric));
  elsif v_retry_ms is null and p_code in ('IDEMPOTENCY_IN_PROGRESS', 'ROW_BUSY') then
    select (extract(epoch from s.retry_after) * 1000)::integer into v_retry_ms from sync.settings s;
  end if;
  if v_retry_ms is not null then
    v_extra := v_extra || jsonb_build_object('retryAfterMs', v_retry_ms);
  end if;
  return row(v_meaning.status, sync.refusal_body(v_meaning, v_extra), false, false, v_retry_ms, null, false, null)::sync.answer;
end
$$;

-- Stops an effect that answered with what is no answer: what it did is undone, and nothing is recorded. An answer is a
-- body with a status of 200 to 299 (202, 204 and 205 say something else) or of 400 to 499.
create function sync.require_answer(p_effect text, p_outcome sync.outcome) returns void
language plpgsql immutable
as $$
begin
  if p_outcome.body is not null and p_outcome.status not in (202, 204, 205)
    and (p_outcome.status between 200 and 299 or p_outcome.status between 400 and 499) then
    return;
  end if;
  raise exception using errcode = 'SY002', message = format(
    'The effect sync.%s answered with %s and %s, so it was undone. An answer is a body with a status of 200 to 299 (not 202, 204, 205) or 400 to 499. Say no with sync.reject or sync.refuse; an answer that is computed later names who computes it: define_action(…, p_outcome_of => …).',
    p_effect, coalesce('status ' || p_outcome.status, 'no status'), case when p_outcome.body is null then 'no body' else 'a body' end);
end
$$;
