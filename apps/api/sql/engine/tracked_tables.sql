-- Which tables clients see, and how each is read. A tracked table has versions and a place in the change log; its own
-- functions are sync.row_json(its row type) and sync.tracked_<name>_<verb>.

create table sync.tracked_tables (
  -- As clients know it.
  name text primary key constraint tracked_tables_name check (name ~ '^[a-z_][a-z0-9_]{0,39}$'),
  relation regclass not null unique,
  id_column text not null,
  tenant_column text not null,
  -- What was asked to be shown: columns, or an expression over the row `r`.
  columns text[],
  row_sql text,
  -- The table and those of its columns by name that its functions speak of: they follow nothing that is renamed.
  told_table text not null,
  told_columns text[] not null,
  -- Functions that modules made for it, which go when it is untracked.
  effects text[] not null default '{}'
);

-- What a migration of the team's changed of a tracked table without saying so here: what is written to it fails until it
-- does. Null when all is as told.
create function sync.trouble_of_tracked(p_name text) returns text
language sql stable
return (
  select case
    when c.oid is null then 'it was dropped'
    when g.name is not null then format('it has no column "%s" any more', g.name)
    when to_regprocedure(format('sync.row_json(%s)', n.called)) is null then 'a column that clients see was dropped'
    when n.called <> t.told_table then format('it was %s before', t.told_table) end
  from sync.tracked_tables t
  left join pg_class c on c.oid = t.relation
  left join lateral (select format('%I.%I', s.nspname, c.relname) as called from pg_namespace s where s.oid = c.relnamespace) n on true
  left join lateral (
    select u.name from unnest(t.told_columns) u (name)
    where not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = u.name and a.attnum > 0 and not a.attisdropped)
    limit 1) g on true
  where t.name = p_name);

-- A type by its whole name and without a length, since `character` alone would mean one character.
create function sync.type_name(p_type oid) returns text
language sql stable strict
return (select format('%I.%I', n.nspname, t.typname) from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.oid = p_type);

-- What a column holds: of a domain, the type below it, whose values need no check to be compared.
create function sync.column_type(p_table regclass, p_column text) returns oid
language sql stable strict
return (
  with recursive below as (
    select a.atttypid as type from pg_attribute a where a.attrelid = p_table and a.attname = p_column and a.attnum > 0 and not a.attisdropped
    union all
    select t.typbasetype from below b join pg_type t on t.oid = b.type where t.typtype = 'd'
  )
  select b.type from below b join pg_type t on t.oid = b.type where t.typtype <> 'd');

-- A comparison of two values of a type, whatever the search_path of whoever runs it.
create function sync.operator_name(p_type oid, p_symbol text) returns text
language sql stable
return format('operator(%I.%s)', coalesce(
  (select n.nspname from pg_operator o join pg_namespace n on n.oid = o.oprnamespace
   where o.oprname = p_symbol and o.oprleft = p_type and o.oprright = p_type limit 1), 'pg_catalog'), p_symbol);

-- Types two equal values of which always have the same text: a row found by the one is the row that was asked for.
create function sync.is_plain_id(p_table regclass, p_column text) returns boolean
language sql stable
return exists (
  select from pg_attribute a join pg_type t on t.oid = sync.column_type(p_table, p_column) left join pg_collation c on c.oid = a.attcollation
  where a.attrelid = p_table and a.attname = p_column
    and (t.oid in ('uuid'::regtype, 'int2'::regtype, 'int4'::regtype, 'int8'::regtype) or t.typtype = 'e'
      or (t.oid in ('text'::regtype, 'varchar'::regtype) and coalesce(c.collisdeterministic, true))));

-- The condition under which the id (or the organisation) of a row `"this row"` is what `p_id` (a value) and `p_text` (what was
-- asked for) name.
create function sync.id_condition(p_table regclass, p_column text, p_id text, p_text text) returns text
language sql stable
return format('"this row".%I %s %s', p_column, sync.operator_name(sync.column_type(p_table, p_column), '='), p_id)
  || case when sync.is_plain_id(p_table, p_column) then '' else format(' and "this row".%I::text collate "C" = %s', p_column, p_text) end;

-- A value of a column as clients read it.
create function sync.shown_value(p_table regclass, p_column text) returns text
language sql stable strict
return format(case when sync.column_type(p_table, p_column) = 'timestamptz'::regtype then 'sync.instant(r.%I)' else 'r.%I' end, p_column);

-- jsonb_build_object over any number of fields: a call takes a hundred arguments.
create function sync.object_sql(p_keys text[], p_values text[]) returns text
language sql immutable
return (
  select string_agg('jsonb_build_object(' || part.fields || ')', ' || ' order by part.nth)
  from (
    select (f.nth - 1) / 45 as nth, string_agg(format('%L, %s', f.key, f.value), ', ' order by f.nth) as fields
    from unnest(p_keys, p_values) with ordinality f (key, value, nth)
    group by 1
  ) part);

-- Fills the {names} of a template.
create function sync.fill(p_template text, p_values jsonb) returns text
language plpgsql immutable
as $$
declare
  v_text text := p_template;
  v_name text;
  v_value text;
begin
  for v_name, v_value in select * from jsonb_each_text(p_values) loop
    v_text := replace(v_text, '{' || v_name || '}', coalesce(v_value, ''));
  end loop;
  return v_text;
end
$$;
