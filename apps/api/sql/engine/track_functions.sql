-- The functions of a tracked table that are no triggers.

-- Makes sync.row_json(a row of the table): what clients see of it, the same in answers, lists and the change log.
create procedure sync.make_row_json(
  p_table regclass, p_name text, p_id text, p_tenant text, p_columns text[], p_row text, p_keys text[], p_values text[])
language plpgsql
as $$
declare
  v_ours text[] := array['id', 'org_id', 'version', 'updated_at', 'updated_by', 'last_mutation_key'];
  v_keys text[];
  v_values text[];
  v_row text;
  v_unseen text;
begin
  select coalesce(array_agg(c.name), '{}'), coalesce(array_agg(case when c.name = p_id then format('r.%I::text', c.name) else sync.shown_value(p_table, c.name) end), '{}')
  into v_keys, v_values
  from unnest(p_columns) c (name) where c.name <> all (p_keys || v_ours);
  v_row := sync.object_sql(v_keys || p_keys || v_ours, v_values || p_values || array[
    format('r.%I::text', p_id), format('r.%I::text', p_tenant), 'r.sync_version', 'sync.instant(r.sync_at)', 'r.sync_by', 'r.sync_key']);
  if p_row is not null then
    -- By itself first: a text is no jsonb, though it can be cast as long as there is no row.
    execute format('create or replace function sync.row_json(r %s) returns jsonb language sql stable return (%s)', p_name, p_row);
    v_row := format('coalesce((%s)::jsonb, ''{}'') || %s', p_row, v_row);
  end if;
  execute format('create or replace function sync.row_json(r %s) returns jsonb language sql stable return %s', p_name, v_row);
  -- What cannot be computed is told now.
  execute format('select sync.row_json(r) from %s r limit 1', p_name);
  select a.attname into v_unseen
  from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
  where d.classid = 'pg_proc'::regclass and d.refobjid = p_table and a.attgenerated = 'v'
    and d.objid = to_regprocedure(format('sync.row_json(%s)', p_name));
  if v_unseen is not null then
    raise exception 'the column "%" is computed when it is read, which triggers do not see. Show what it is made from', v_unseen
      using errcode = 'invalid_parameter_value';
  end if;
exception when others then
  if p_row is null or sqlstate = '55P03' then
    raise;
  end if;
  raise exception '% cannot be tracked: p_row must be an expression over the row "r" that gives a jsonb object, and fails: %', p_table, sqlerrm
    using errcode = 'invalid_parameter_value';
end
$$;

-- sync.tracked_<name>_id and _tenant: a text as a value of that column, null when it is none (out of range, of another
-- form, not written the way the database writes it). _ids: those of many texts that are ids.
create procedure sync.make_id_functions(p_table regclass, p_name text, p_id text, p_tenant text)
language plpgsql
as $$
declare
  v_verb text;
  v_column text;
  v_type oid;
begin
  for v_verb, v_column in values ('id', p_id), ('tenant', p_tenant) loop
    v_type := sync.column_type(p_table, v_column);
    -- Dropped first: its type may be another one now.
    call sync.drop_function(format('sync.tracked_%s_%s(text)', p_name, v_verb));
    execute sync.fill(case when (select t.typcategory from pg_type t where t.oid = v_type) = 'S' and v_type <> 'bpchar'::regtype then $template$
      create function sync.tracked_{name}_{verb}(p_text text) returns {type} language sql stable return p_text::{type}
    $template$ else $template$
      create function sync.tracked_{name}_{verb}(p_text text) returns {type} language plpgsql stable as $parse$
      declare
        v_value {type};
      begin
        v_value := p_text::{type};
        return case when v_value::text = p_text then v_value end;
      exception when others then
        return null;
      end
      $parse$
    $template$ end, jsonb_build_object('name', p_name, 'verb', v_verb, 'type', sync.type_name(v_type)));
  end loop;
  call sync.drop_function(format('sync.tracked_%s_ids(text[])', p_name));
  execute sync.fill($template$
    create function sync.tracked_{name}_ids(p_texts text[]) returns {type}[] language plpgsql stable as $parse$
    declare
      v_values {type}[];
    begin
      begin
        v_values := p_texts::{type}[];
      exception when others then
        null;
      end;
      -- All at once, as long as all of them are ids.
      if v_values::text[] = p_texts then
        return v_values;
      end if;
      return array(select i.id from (select sync.tracked_{name}_id(a.text) as id from unnest(p_texts) a (text)) i where i.id is not null);
    end
    $parse$
  $template$, jsonb_build_object('name', p_name, 'type', sync.type_name(sync.column_type(p_table, p_id))));
end
$$;
