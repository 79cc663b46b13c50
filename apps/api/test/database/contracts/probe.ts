/** An effect that counts in `probes` and then answers with whatever SQL it is asked for. */
export const PROBE = `
create table if not exists public.probes (id integer primary key, n integer not null constraint probes_never_below_zero check (n >= 0));
insert into public.probes values (1, 0) on conflict do nothing;
create or replace function sync.probe(p_call sync.action_call, p_request jsonb) returns sync.outcome
language plpgsql volatile
as $$
declare
  v_outcome sync.outcome;
begin
  update public.probes set n = n + 1;
  execute p_request ->> 'say' into v_outcome;
  return v_outcome;
end
$$;
call sync.define_action('probe', p_codes => '{"SQL_LIMIT": {"status": 409, "retryable": false, "text": "SQL says no."}}');`

/** A text as SQL writes it, whatever is in it. */
export const literal = (text: string) => `$lit$${text}$lit$`
