-- Gives a table versions and a place in the change log, under the name clients know it by. Callers: migrations, a team's
-- and ours. May be called again, also with other columns. It waits at most 2 s for the table, so it belongs in a
-- migration of its own. Locks the table: exclusively while it gets columns, else against writers.
--   p_as       the name clients know; its own one unless given
--   p_id       the column that names a row
--   p_tenant   the column that says whose it is; a row with null there is nobody's
--   p_columns  what clients see of it, or p_row: a jsonb expression over the row `r`
create procedure sync.track_table(
  p_table regclass, p_as text default null, p_id text default 'id', p_tenant text default 'org_id',
  p_columns text[] default null, p_row text default null)
language plpgsql
as $$
begin
  call sync.track_mapped(p_table, p_as, p_id, p_tenant, p_columns, p_row, '{}', '{}', '{}');
end
$$;

-- The same for a module that shows fields of its own: `p_keys` and `p_values` (expressions over `r`), made from the columns
-- `p_seen`. A field of its own wins over one that was asked for.
create procedure sync.track_mapped(
  p_table regclass, p_as text, p_id text, p_tenant text, p_columns text[], p_row text, p_keys text[], p_values text[], p_seen text[])
language plpgsql
as $$
declare
  v_name text := coalesce(p_as, (select c.relname from pg_class c where c.oid = p_table));
  v_shown text[] := case when p_columns is null and p_row is null and cardinality(p_keys) > 0 then '{}' else p_columns end;
  v_table text := (select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = p_table);
  v_waits text := current_setting('lock_timeout');
  v_fails_anyway boolean;
  v_former text;
  v_values jsonb;
  v_objection text := coalesce(
    sync.objection_to_relation(p_table, v_name), sync.objection_to_leaving(p_table, v_name, cardinality(p_keys) > 0), sync.objection_to_keys(p_table, p_id, p_tenant), sync.objection_to_own_columns(p_table),
    sync.objection_to_shown(p_table, p_id, p_tenant, v_shown, p_row));
begin
  if v_objection is not null then
    raise exception '% cannot be tracked: %.', p_table, v_objection using errcode = 'invalid_parameter_value';
  end if;
  if (select s.setting::integer not between 1 and 2000 from pg_settings s where s.name = 'lock_timeout') then
    perform set_config('lock_timeout', '2000', true);
  end if;
  v_fails_anyway := sync.trouble_of_a_write(v_table, p_tenant) is not null;
  execute (
    select coalesce('alter table ' || v_table || ' ' || string_agg(format('add column %s %s', own.name, own.type), ', '),
      format('lock table %s in share row exclusive mode', v_table))
    from (values ('sync_version', 'bigint not null default 1'), ('sync_at', 'timestamptz'), ('sync_by', 'text'), ('sync_key', 'text')) own (name, type)
    where not exists (select from pg_attribute a where a.attrelid = p_table and a.attname = own.name and not a.attisdropped));

  call sync.take_triggers_off(p_table);
  v_former := (select t.name from sync.tracked_tables t where t.relation = p_table and t.name <> v_name);
  call sync.drop_functions_of(v_former);
  delete from sync.tracked_tables t where t.name = v_name and t.relation <> p_table;
  insert into sync.tracked_tables as t (name, relation, id_column, tenant_column, columns, row_sql, told_table, told_columns)
  values (v_name, p_table, p_id, p_tenant, v_shown, p_row, v_table, array[p_id, p_tenant] || v_shown || p_seen)
  on conflict (relation) do update set name = excluded.name, id_column = excluded.id_column, tenant_column = excluded.tenant_column,
    columns = excluded.columns, row_sql = excluded.row_sql, told_table = excluded.told_table, told_columns = excluded.told_columns,
    effects = case when t.name = excluded.name then t.effects else '{}' end;

  call sync.make_row_json(p_table, v_table, p_id, p_tenant, v_shown, p_row, p_keys, p_values);
  v_values := jsonb_build_object('unseen', (
      select string_agg(format('v_new.%1$I := old.%1$I;', a.attname), ' ') from pg_attribute a where a.attrelid = p_table and a.attgenerated <> '' and not a.attisdropped),
    'name', v_name, 'table', v_table, 'id', quote_ident(p_id), 'tenant', quote_ident(p_tenant),
    'moved', sync.moved_condition(p_table, p_tenant),
    'changed', sync.change_condition(p_table, case
      when p_row is null then v_shown || p_seen || p_tenant
      else (select coalesce(array_agg(a.attname::text), '{}') from pg_attribute a where a.attrelid = p_table and a.attgenerated <> '' and not a.attisdropped) end));
  execute sync.fill(sync.trigger_functions(p_row is null) || sync.trigger_definitions(), v_values);
  call sync.make_id_functions(p_table, v_name, p_id, p_tenant);
  execute format('grant usage on schema %I to sync_runtime; grant select on %s to sync_runtime',
    (select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = p_table), v_table);
  call sync.close_inside();

  if not v_fails_anyway then
    v_objection := sync.trouble_of_a_write(v_table, p_tenant);
    if v_objection is not null then
      raise exception '% cannot be tracked: a write that changes nothing fails with our columns and triggers, "%". A trigger that copies whole rows (old.*) into another table is the usual reason: let it name its columns.', p_table, v_objection
        using errcode = 'invalid_parameter_value';
    end if;
  end if;
  call sync.warn_of_what_is_slow_or_hidden(p_table, v_table, p_id, p_tenant);
  perform set_config('lock_timeout', v_waits, true);
end
$$;

-- Changes nothing, of one row and of none, and takes even that back: what went wrong, null when nothing did. What a
-- statement alone sets off is planned by it, so an empty table tells as well.
create function sync.trouble_of_a_write(p_table text, p_column text) returns text
language plpgsql volatile
as $$
begin
  execute format('update only %1$s set %2$I = %2$I where ctid = (select ctid from only %1$s limit 1)', p_table, p_column);
  execute format('insert into %1$s (%2$I) select %2$I from only %1$s where false', p_table, p_column);
  execute format('delete from only %s where false', p_table);
  raise exception using errcode = 'SY003';
exception
  when sqlstate 'SY003' then
    return null;
  when lock_not_available then
    raise;
  when others then
    return sqlerrm;
end
$$;

create procedure sync.warn_of_what_is_slow_or_hidden(p_table regclass, p_name text, p_id text, p_tenant text)
language plpgsql
as $$
begin
  if not exists (
    select from pg_index i
    join pg_attribute t on t.attrelid = p_table and t.attname = p_tenant join pg_attribute k on k.attrelid = p_table and k.attname = p_id
    where i.indrelid = p_table and i.indisvalid and i.indpred is null and i.indnkeyatts >= 2 and i.indkey[0] = t.attnum and i.indkey[1] = k.attnum) then
    raise warning 'Lists of % are slow for a large organisation until somebody says, outside of a transaction: create index concurrently on % (%, %)',
      p_table, p_name, quote_ident(p_tenant), quote_ident(p_id);
  end if;
  if (select c.relrowsecurity from pg_class c where c.oid = p_table) and not exists (
    select from pg_policy p where p.polrelid = p_table and (p.polroles = '{0}' or 'sync_runtime'::regrole = any (p.polroles))) then
    raise warning 'Row-level security hides all rows of % from an API that does not own it. The API names the organisation in each statement; let it see them: create policy run_by_api on % to sync_runtime using (true) with check (true)',
      p_table, p_name;
  end if;
end
$$;

-- What was made for a table under this name, by modules too.
create procedure sync.drop_functions_of(p_name text)
language plpgsql
as $$
declare
  v_function text;
begin
  for v_function in
    select format('sync.tracked_%s_%s', p_name, f.verb)
    from unnest(array['start()', 'change()', 'leave()', 'log()', 'id(text)', 'tenant(text)', 'ids(text[])']) f (verb)
    union all select unnest(t.effects) from sync.tracked_tables t where t.name = p_name
  loop
    call sync.drop_function(v_function);
  end loop;
end
$$;

create procedure sync.drop_function(p_signature text)
language plpgsql
as $$
begin
  if to_regprocedure(p_signature) is not null then
    execute 'drop function ' || p_signature;
  end if;
end
$$;

create procedure sync.take_triggers_off(p_table regclass)
language plpgsql
as $$
declare
  v_trigger text;
begin
  for v_trigger in select t.tgname from pg_trigger t where t.tgrelid = p_table and t.tgname like 'zz\_sync\_%' and not t.tgisinternal loop
    execute format('drop trigger %I on %s', v_trigger, p_table);
  end loop;
end
$$;

-- Takes track_table back, and what modules built on it. Our four columns stay, so that versions go on counting when the
-- table is tracked again; with p_drop_columns they go too, and pages that are open must be loaded anew by then.
create procedure sync.untrack_table(p_table regclass, p_drop_columns boolean default false)
language plpgsql
as $$
declare
  v_name text := (select t.name from sync.tracked_tables t where t.relation = p_table);
begin
  call sync.take_triggers_off(p_table);
  if v_name is not null then
    call sync.drop_functions_of(v_name);
    call sync.drop_function(format('sync.row_json(%s)', p_table));
    delete from sync.tracked_tables t where t.relation = p_table;
  end if;
  if p_drop_columns then
    execute format('alter table %s drop column if exists sync_version, drop column if exists sync_at, drop column if exists sync_by, drop column if exists sync_key', p_table);
  end if;
end
$$;
