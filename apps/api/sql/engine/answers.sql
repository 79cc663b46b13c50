-- What goes into an effect and what comes out of it.

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
  return (
    select row(e.status, sync.error_body(p_code, v_extra), false, false, v_retry_ms, null, false)::sync.answer
    from sync.error_codes e where e.code = p_code);
end
$$;
