/**
 * What Postgres Changes ask the database, for `bench.subscribers(p_id)`: the subscriptions that may see a lead. Step by step
 * what the real server's `realtime.apply_rls` of 2026 does once a change: all subscriptions of the table as an array; of
 * each the filters; the subscriber's role and claims, a look at the row as that subscriber, and the role back; and at the end
 * the subscriptions once more, by what was found. Left out is what it does besides: reading the replication log, column
 * rights and the record as JSON.
 */
export const ROW_SECURITY = `
  create policy read_own on public.leads for select to authenticated using (org_id in (select auth.jwt() -> 'app_metadata' ->> 'org_id'));
  grant select on public.leads to authenticated;
  create schema bench;
  create type bench.shown as (name text, value jsonb);
  create type bench.filter as (name text, value text);
  create table bench.subscription (id uuid primary key, claims jsonb not null, filters bench.filter[] not null default '{}');

  create function bench.passes(p_shown bench.shown[], p_filters bench.filter[]) returns boolean
  language sql stable
  as $$
    select p_filters is null or array_length(p_filters, 1) is null
      or coalesce(count(s.name) = count(*) and bool_and(s.value #>> '{}' = f.value), false)
    from unnest(p_filters) f left join unnest(p_shown) s on s.name = f.name
  $$;

  create function bench.subscribers(p_id text) returns uuid[]
  language plpgsql
  as $$
  declare
    v_all constant bench.subscription[] := array(select s from bench.subscription s);
    v_shown constant bench.shown[] := array(select row(e.key, e.value)::bench.shown from public.leads l, jsonb_each(to_jsonb(l)) e where l.id = p_id);
    v_found uuid[] := '{}';
    v_id uuid;
    v_claims jsonb;
    v_may boolean;
  begin
    if exists (select from pg_prepared_statements where name = 'see') then
      deallocate see;
    end if;
    execute format('prepare see as select true from public.leads where id = %L', p_id);
    for v_id, v_claims in select s.id, s.claims from unnest(v_all) s where bench.passes(v_shown, s.filters) loop
      perform set_config('role', 'authenticated', true), set_config('request.jwt.claims', v_claims::text, true);
      execute 'execute see' into v_may;
      perform set_config('role', null, true);
      if v_may then
        v_found := v_found || v_id;
      end if;
    end loop;
    return array(select s.id from unnest(v_all) s where s.id = any (v_found));
  end
  $$;`
