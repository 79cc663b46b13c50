-- Every action there is, a team's own included: what its generated function sync.run_<effect> is made from.

create table sync.actions (
  effect text primary key,
  -- For an effect that may leave its answer open (status null, `ref` set): the function sync.<outcome_of>(ref text)
  -- returns sync.outcome that computes it (202 while it is open), and sync.<cancel>(ref text) that takes back what
  -- has not happened yet.
  outcome_of text,
  cancel text,
  -- Refusals of its own, by their codes: {"CREDIT_LIMIT": {"status": 422, "retryable": false, "text": "…"}}.
  codes jsonb
);

-- The answer of an effect that left it open, as it stands now.
create function sync.open_outcome(p_effect text, p_ref text) returns sync.outcome
language plpgsql stable
as $$
declare
  v_function text;
  v_codes jsonb;
  v_outcome sync.outcome;
begin
  select a.outcome_of, a.codes into v_function, v_codes from sync.actions a where a.effect = p_effect;
  if v_codes is not null then
    perform set_config('sync.codes', v_codes::text, true);
  end if;
  if v_function is null then
    -- The action was taken away while its answer was open: nobody can tell it any more.
    return sync.reject('OUTCOME_UNKNOWN');
  end if;
  execute format('select * from sync.%I($1)', v_function) into v_outcome using p_ref;
  return v_outcome;
end
$$;

-- Takes back what an effect that left its answer open has not done yet.
create function sync.cancel_open(p_effect text, p_ref text) returns void
language plpgsql volatile
as $$
declare
  v_function text;
begin
  select a.cancel into v_function from sync.actions a where a.effect = p_effect;
  if v_function is not null then
    execute format('select sync.%I($1)', v_function) using p_ref;
  end if;
end
$$;
