-- What Supabase has and plain Postgres (PGlite included) lacks: roles, and the auth helpers that
-- row-level security reads. Run by the API's own migration runner before its migrations; never by the Supabase CLI. Every statement does nothing when its work is done.

do $$
begin
  if to_regrole('anon') is null then
    create role anon nologin noinherit;
  end if;
  if to_regrole('authenticated') is null then
    create role authenticated nologin noinherit;
  end if;
  if to_regrole('service_role') is null then
    begin
      create role service_role nologin noinherit bypassrls;
    exception when insufficient_privilege then
      -- Only a superuser may hand out bypassrls; nothing in the API needs it.
      create role service_role nologin noinherit;
    end;
  end if;
end
$$;

do $$
begin
  if to_regnamespace('auth') is null then
    create schema auth;
    grant usage on schema auth to anon, authenticated, service_role;
  end if;
  if to_regprocedure('auth.jwt()') is null then
    create function auth.jwt() returns jsonb language sql stable as $fn$
      select coalesce(nullif(current_setting('request.jwt.claims', true), ''), '{}')::jsonb
    $fn$;
  end if;
  if to_regprocedure('auth.uid()') is null then
    -- Text here and uuid on Supabase: the demo's users are no uuids, and no policy of ours reads it.
    create function auth.uid() returns text language sql stable as $fn$
      select auth.jwt() ->> 'sub'
    $fn$;
  end if;
  if to_regprocedure('auth.role()') is null then
    create function auth.role() returns text language sql stable as $fn$
      select auth.jwt() ->> 'role'
    $fn$;
  end if;
end
$$;
