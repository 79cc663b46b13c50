-- Why a table cannot be tracked: whatever would fail later, in somebody's INSERT, is said at once, with what to do.

-- A module's actions work on a table under its name, and show fields of their own; what was made for them would be lost.
create function sync.objection_to_leaving(p_table regclass, p_as text, p_shows_own boolean) returns text
language sql stable
return (
  select format('it is tracked as "%1$s", which actions of a module work on. Show more of it with sync.use_%1$s(…, p_columns => ''{…}''), or take that back first: call sync.untrack_table(''%2$s'')', t.name, p_table)
  from sync.tracked_tables t
  where t.relation = p_table and cardinality(t.effects) > 0 and (t.name <> p_as or not p_shows_own));

create function sync.objection_to_relation(p_table regclass, p_as text) returns text
language plpgsql stable
as $$
declare
  v_class pg_class;
  v_owner_of_name regclass;
  v_late_trigger text;
begin
  select * into v_class from pg_class c where c.oid = p_table;
  select t.relation into v_owner_of_name from sync.tracked_tables t join pg_class c on c.oid = t.relation
  where t.name = p_as and t.relation <> p_table;
  -- A row trigger before an insert or an update.
  select t.tgname into v_late_trigger from pg_trigger t
  where t.tgrelid = p_table and not t.tgisinternal and t.tgtype & 3 = 3 and t.tgtype & 20 > 0
    and t.tgname::text collate "C" > 'zz_sync' and t.tgname not like 'zz\_sync\_%'
  limit 1;
  return case
    when p_as !~ '^[a-z_][a-z0-9_]{0,39}$'
      then format('the name clients know it by may hold small letters, digits and "_" and begin with no digit, and "%s" does not. Say p_as => ''…''', p_as)
    when v_class.relkind in ('v', 'm') then 'it is a view, which no trigger sees change. Track the table below it, and show what the view shows with p_row => ''…'''
    when v_class.relkind = 'f' then 'it is a foreign table, which changes without us. Track it in the database where it lives'
    when v_class.relkind = 'p' then 'it is partitioned, and its rows move between partitions unseen. Keep what clients see in a table of its own'
    when v_class.relkind <> 'r' then 'it is no table'
    when v_class.relispartition then 'it is a partition: what is written through its parent would not be seen. Keep what clients see in a table of its own'
    when exists (select from pg_inherits i where p_table in (i.inhrelid, i.inhparent))
      then 'it inherits or is inherited from: what is written through the parent would not be seen. Take it out first (alter table … no inherit …)'
    when v_class.relpersistence = 't' then 'it is temporary, and other sessions do not see it'
    when v_class.relpersistence = 'u' then 'it is unlogged: a crash would empty it, and clients would keep the rows. Say "alter table … set logged" first'
    when not pg_has_role(v_class.relowner, 'usage')
      then format('it belongs to %s. Call this as that role, or as a member of it', v_class.relowner::regrole)
    when not has_schema_privilege('sync', 'create') then 'this role may make nothing in the schema "sync". Call this as the owner of that schema'
    when v_owner_of_name is not null
      then format('the name "%s" is taken by %s. Say p_as => ''…'', or take that one back: call sync.untrack_table(''%s'')', p_as, v_owner_of_name, v_owner_of_name)
    when v_late_trigger is not null
      then format('its trigger "%s" runs after ours, and what it changes would have no version. Rename it, so that its name comes before "zz_sync"', v_late_trigger)
    end;
end
$$;

create function sync.objection_to_keys(p_table regclass, p_id text, p_tenant text) returns text
language plpgsql stable
as $$
declare
  v_id pg_attribute;
  v_tenant pg_attribute;
  v_type pg_type;
begin
  select * into v_id from pg_attribute a where a.attrelid = p_table and a.attname = p_id and a.attnum > 0 and not a.attisdropped;
  select * into v_tenant from pg_attribute a where a.attrelid = p_table and a.attname = p_tenant and a.attnum > 0 and not a.attisdropped;
  select * into v_type from pg_type t where t.oid = sync.column_type(p_table, p_id);
  return case
    when v_id.attname is null then format('it has no column "%s". Say which one is its id: p_id => ''…''', p_id)
    when v_tenant.attname is null then format('it has no column "%s". Say which one is the organisation that may see a row: p_tenant => ''…''', p_tenant)
    when v_id.attgenerated <> '' or v_tenant.attgenerated <> ''
      then 'its id or its organisation is a generated column, which triggers do not see. Take the column it is made from'
    when not v_id.attnotnull then format('its id may be null. Say: alter table %s alter column %I set not null', p_table, p_id)
    when not exists (
      select from pg_index i
      where i.indrelid = p_table and i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null and i.indexprs is null
        and i.indnkeyatts = 1 and i.indkey[0] = v_id.attnum)
      then format('its id is not unique by itself. Say: alter table %s add unique (%I)', p_table, p_id)
    when not sync.has_fixed_text(sync.column_type(p_table, p_id))
      then format('the text of its id (%s) depends on settings of the session. Take an id of text, uuid or a whole number', v_type.typname)
    when not sync.has_fixed_text(sync.column_type(p_table, p_tenant))
      then 'the text of its organisation depends on settings of the session. Take one of text, uuid or a whole number'
    end;
end
$$;

-- Whether a type has one text for a value, whoever asks: no instants, floats, money, bytes, arrays, ranges or rows.
create function sync.has_fixed_text(p_type oid) returns boolean
language sql stable
return exists (
  select from pg_type t
  where t.oid = p_type and t.typcategory not in ('D', 'T', 'A', 'C', 'R', 'P')
    and t.oid not in ('float4'::regtype, 'float8'::regtype, 'money'::regtype, 'bytea'::regtype, 'json'::regtype, 'xml'::regtype));

-- Our own columns, as they must be where a table has columns of these names.
create function sync.objection_to_own_columns(p_table regclass) returns text
language sql stable
return (
  select format('its column "%s" is %s, and ours of that name is %s. Rename yours', a.attname,
    case when a.attgenerated <> '' then 'generated' else format_type(a.atttypid, a.atttypmod) end, own.type)
  from (values ('sync_version', 'bigint'), ('sync_at', 'timestamp with time zone'), ('sync_by', 'text'), ('sync_key', 'text')) own (name, type)
  join pg_attribute a on a.attrelid = p_table and a.attname = own.name and not a.attisdropped
  where format_type(a.atttypid, a.atttypmod) <> own.type or a.attgenerated <> '' or a.attidentity <> ''
  order by a.attnum
  limit 1);

create function sync.objection_to_shown(p_table regclass, p_id text, p_tenant text, p_columns text[], p_row text) returns text
language sql stable
return case
  when p_columns is null and p_row is null
    then 'nobody said what clients see of it. Name columns, p_columns => ''{…}'', or an expression over the row, p_row => $$jsonb_build_object(''name'', r.name)$$'
  when p_columns is not null and p_row is not null then 'p_columns and p_row are two ways of saying the same. Leave one of them out'
  when p_columns is not null then (
    select case
      when c.name is null then 'p_columns holds a null'
      when a.attname is null then format('it has no column "%s"', c.name)
      when c.name in ('version', 'updated_at', 'updated_by', 'last_mutation_key')
        or (c.name = 'id' and p_id <> 'id') or (c.name = 'org_id' and p_tenant <> 'org_id')
        then format('clients know "%s" as ours. Show your column of that name under another one: p_row => $$jsonb_build_object(''its_%s'', r.%I, …)$$', c.name, c.name, c.name)
      when a.attgenerated = 'v' then format('its column "%s" is computed when it is read, which triggers do not see. Show what it is made from with p_row => ''…''', c.name)
      when a.atttypid = 'json'::regtype then format('its column "%s" is json, which may hold what jsonb cannot. Make it jsonb, or show it as text with p_row => ''…''', c.name)
      end
    from unnest(p_columns) with ordinality c (name, nth)
    left join pg_attribute a on a.attrelid = p_table and a.attname = c.name and a.attnum > 0 and not a.attisdropped
    order by 1 nulls last
    limit 1)
  end;
