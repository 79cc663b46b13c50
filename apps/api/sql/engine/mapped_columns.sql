-- For modules that work on a table of the team's: which of its columns is what, and its own words for what clients say.

-- The column that was named, which must be there; else the one of the usual name, if there is one.
create function sync.mapped_column(p_table regclass, p_named text, p_usual text) returns text
language plpgsql stable
as $$
begin
  if exists (select from pg_attribute a
    where a.attrelid = p_table and a.attname = coalesce(p_named, p_usual) and a.attnum > 0 and not a.attisdropped) then
    return coalesce(p_named, p_usual);
  end if;
  if p_named is not null then
    raise exception '% has no column "%".', p_table, p_named using errcode = 'invalid_parameter_value';
  end if;
  return null;
end
$$;

-- A client's word as the database's, and back. `p_words`: the database's word by the client's, where they differ. A word
-- of the database that no client has is shown as it is.
create function sync.stored_word(p_words jsonb, p_expression text) returns text
language sql immutable
return (
  select coalesce('case ' || p_expression || ' ' || string_agg(format('when %L then %L', w.key, w.value), ' ' order by w.key)
    || ' else ' || p_expression || ' end', p_expression)
  from jsonb_each_text(p_words) w);

create function sync.shown_word(p_words jsonb, p_expression text) returns text
language sql immutable
return sync.stored_word((select coalesce(jsonb_object_agg(w.value, w.key), '{}') from jsonb_each_text(p_words) w), p_expression);

-- Whether the checks over one column allow a value; what can only be told of a whole row is not judged.
create function sync.may_hold(p_table regclass, p_column text, p_value text) returns boolean
language plpgsql stable
as $$
declare
  v_check text;
  v_allows boolean;
begin
  for v_check in
    select format('select (%s) from (select %L::%s as %I) v', pg_get_expr(c.conbin, c.conrelid), p_value, format_type(a.atttypid, a.atttypmod), p_column)
    from pg_attribute a join pg_constraint c on c.conrelid = p_table and c.contype = 'c' and c.conkey = array[a.attnum]
    where a.attrelid = p_table and a.attname = p_column
  loop
    execute v_check into v_allows;
    if not v_allows then
      return false;
    end if;
  end loop;
  return true;
end
$$;

-- Why these words cannot be those of a column: clients know `p_known`, and each of them must have a value of its own there.
create function sync.objection_to_words(p_table regclass, p_column text, p_words jsonb, p_known text[]) returns text
language plpgsql stable
as $$
declare
  v_type text := (select format_type(a.atttypid, a.atttypmod) from pg_attribute a where a.attrelid = p_table and a.attname = p_column);
  v_known text;
  v_stored text;
  v_kept text;
begin
  if p_words is null or jsonb_typeof(p_words) <> 'object' or exists (select from jsonb_each(p_words) w where jsonb_typeof(w.value) <> 'string') then
    return 'they are an object of texts, the database''s by the client''s, for example {"won": "customer"}';
  end if;
  select w.key into v_known from jsonb_each_text(p_words) w where w.key <> all (p_known) order by 1 limit 1;
  if v_known is not null then
    return format('"%s" is no word that clients may say (%s)', v_known, array_to_string(p_known, ', '));
  end if;
  select string_agg(k.word, '" and "' order by k.word), coalesce(p_words ->> k.word, k.word) into v_known, v_stored
  from unnest(p_known) k (word) group by 2 having count(*) > 1 limit 1;
  if v_known is not null then
    return format('"%s" would be the same value, "%s". Give each its own', v_known, v_stored);
  end if;
  foreach v_known in array p_known loop
    v_stored := coalesce(p_words ->> v_known, v_known);
    begin
      execute format('select (%L::%s)::text', v_stored, v_type) into v_kept;
    exception when others then
      v_kept := null;
    end;
    if v_kept is distinct from v_stored or not sync.may_hold(p_table, p_column, v_stored) then
      return format('the column %s (%s) cannot hold "%s". Say what "%s" is there', p_column, v_type, v_stored, v_known);
    end if;
  end loop;
  return null;
end
$$;

-- What a template for one table is filled with: how to find the row `"this row"` that `v_id` and `v_asked` (its
-- text), `v_tenant` and `v_org` (its text) name.
create function sync.table_values(p_name text) returns jsonb
language sql stable
return (
  select jsonb_build_object(
    'name', t.name, 'table', (select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = t.relation),
    'id', quote_ident(t.id_column), 'id_type', sync.type_name(sync.column_type(t.relation, t.id_column)),
    'tenant_type', sync.type_name(sync.column_type(t.relation, t.tenant_column)),
    'is_one', sync.id_condition(t.relation, t.id_column, 'v_id', 'v_asked'),
    'is_some', sync.id_condition(t.relation, t.id_column, 'any (v_ids)', 'any (v_asked)'),
    'is_theirs', sync.id_condition(t.relation, t.tenant_column, 'v_tenant', 'v_org'))
  from sync.tracked_tables t where t.name = p_name);

-- Carries an effect out for a row that nobody has, so that what it writes is planned: null when that can be done. What a
-- rule of the team's says today (a trigger that raises) is not judged.
create function sync.trouble_of_an_effect(p_effect regprocedure, p_request jsonb) returns text
language plpgsql volatile
as $$
begin
  execute format('select %s(null::sync.action_call, $1)', p_effect::regproc) using p_request;
  return null;
exception
  when sqlstate 'SY001' then
    return null;
  when lock_not_available then
    raise;
  when others then
    return case when left(sqlstate, 2) = '42' then sqlerrm end;
end
$$;

-- Makes functions for a tracked table, which go when it is untracked; the API's role may write these columns. `p_probe`: a
-- request that shows whether `p_effect`, one of them, can write these.
create procedure sync.make_effects(p_name text, p_sql text, p_functions text[], p_writes text[], p_effect text, p_probe jsonb)
language plpgsql
as $$
declare
  v_trouble text;
begin
  execute p_sql;
  v_trouble := sync.trouble_of_an_effect(p_effect::regprocedure, p_probe);
  if v_trouble is not null then
    raise exception '% cannot be used as "%": no click could write it, "%". Name columns that an update may set (%).',
      sync.table_values(p_name) ->> 'table', p_name, v_trouble, array_to_string(p_writes, ', ') using errcode = 'invalid_parameter_value';
  end if;
  update sync.tracked_tables t set effects = p_functions where t.name = p_name;
  execute format('grant update (%s) on %s to sync_runtime',
    (select string_agg(quote_ident(w.name), ', ') from unnest(p_writes) w (name) where w.name is not null), sync.table_values(p_name) ->> 'table');
  call sync.close_inside();
end
$$;
