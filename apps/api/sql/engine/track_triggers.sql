-- What the triggers of a tracked table do. `sync_version`, `sync_at`, `sync_by` and `sync_key` belong to them: whatever a
-- writer sets is overwritten. Those that read or write the inside run with the rights of whoever tracked the table, so
-- that a writer of the business table needs none here; their search_path names what is looked through, the writer's
-- temporary schema last, so that nobody slips them a function or (Postgres would look there first) a type.
-- Their names put them after the team's own, whose changes count too; rows and settings are named so that no column of
-- the team's is taken for one.

create function sync.refuse_truncate() returns trigger
language plpgsql
as $$
begin
  raise exception 'truncate of % would escape the change log, and clients would keep the rows. Use delete.', tg_relid::regclass;
end
$$;

-- The functions of one table. sync.tracked_<name>_start: BEFORE INSERT, goes on counting where a deleted row of this id
-- ended. _change: BEFORE UPDATE, one function for all there is to decide, since each statement reads the condition of a
-- trigger anew. Where an expression shows the row, only it can tell whether that changed (generated columns are not
-- computed yet; what they are made from tells). _leave: AFTER UPDATE of the organisation, for which the row is gone.
-- _log: AFTER each statement, which for a bulk costs half of a row by row one; a row without an organisation is nobody's
-- to see. It tells browsers too, where there is Realtime.
create function sync.trigger_functions(p_by_columns boolean) returns text
language sql immutable
return $template$
  create or replace function sync.tracked_{name}_start() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $start$
  begin
    new.sync_version := 1 + coalesce((select t.version from sync.tombstones t where t.table_name = '{name}' and t.pk = new.{id}::text), 0);
    new.sync_at := now();
    new.sync_by := nullif(current_setting('sync.actor', true), '');
    new.sync_key := nullif(current_setting('sync.mutation_key', true), '');
    return new;
  end
  $start$;
$template$ || case when p_by_columns then $template$
  create or replace function sync.tracked_{name}_change() returns trigger
  language plpgsql
  as $change$
  begin
$template$ else $template$
  create or replace function sync.tracked_{name}_change() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $change$
  declare
    v_new {table};
  begin
    v_new := new;
    v_new.sync_version := old.sync_version;
    v_new.sync_at := old.sync_at;
    v_new.sync_by := old.sync_by;
    v_new.sync_key := old.sync_key;
    {unseen}
$template$ end || $template$
    if row(new.{id})::record operator(pg_catalog.*<>) row(old.{id})::record then
      raise exception 'The id of a row in % never changes: clients would take it for two rows. Delete it and insert another.', tg_relid::regclass;
    end if;
    if {changed}$template$ || case when p_by_columns then '' else ' or sync.row_json(v_new) is distinct from sync.row_json(old)' end || $template$ then
      new.sync_version := old.sync_version + 1;
      new.sync_at := now();
      -- A setting that was local to an earlier transaction of this session reads as '', not as null.
      new.sync_by := nullif(current_setting('sync.actor', true), '');
      new.sync_key := nullif(current_setting('sync.mutation_key', true), '');
      return new;
    end if;
    if row(new.sync_version, new.sync_at, new.sync_by, new.sync_key)::record
      operator(pg_catalog.*<>) row(old.sync_version, old.sync_at, old.sync_by, old.sync_key)::record then
      new.sync_version := old.sync_version;
      new.sync_at := old.sync_at;
      new.sync_by := old.sync_by;
      new.sync_key := old.sync_key;
    end if;
    perform set_config('sync.kept', 'some', true);
    return new;
  end
  $change$;
  create or replace function sync.tracked_{name}_leave() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $leave$
  begin
    perform sync.commit_durably();
    if old.{tenant} is not null then
      insert into sync.change_log (org_id, table_name, op, pk, version, mutation_key, actor)
      values (old.{tenant}::text, '{name}', 'DELETE', old.{id}::text, new.sync_version, new.sync_key, new.sync_by);
    end if;
    return null;
  end
  $leave$;
  -- Who deletes is not written in the row. Old rows are looked at only where this transaction left one as it was to clients
  -- (`sync.kept`). The plan of an update is made once a session, for a few rows or for many: hence a full join, which is never
  -- a nested loop, under conditions that do not make it a simpler one.
  create or replace function sync.tracked_{name}_log() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $log$
  begin
    if current_setting('synchronous_commit') = 'off' then
      perform sync.commit_durably();
    end if;
    if tg_op = 'INSERT' or tg_op = 'UPDATE' and coalesce(current_setting('sync.kept', true), '') = '' then
      insert into sync.change_log (org_id, table_name, op, pk, version, mutation_key, actor, "row")
      select "new row".{tenant}::text, '{name}', tg_op, "new row".{id}::text, "new row".sync_version, "new row".sync_key, "new row".sync_by, sync.row_json("new row"::{table})
      from new_rows "new row"
      where "new row".{tenant} is not null;
    elsif tg_op = 'UPDATE' then
      insert into sync.change_log (org_id, table_name, op, pk, version, mutation_key, actor, "row")
      select "new row".{tenant}::text, '{name}', tg_op, "new row".{id}::text, "new row".sync_version, "new row".sync_key, "new row".sync_by, sync.row_json("new row"::{table})
      from new_rows "new row" full join old_rows "old row" on "old row".{id}::text = "new row".{id}::text
      where "old row".sync_version is distinct from "new row".sync_version and ("new row".{tenant} is null) is not true;
    else
      insert into sync.tombstones as t (table_name, pk, version)
      select '{name}', "old row".{id}::text, "old row".sync_version + 1 from old_rows "old row"
      on conflict (table_name, pk) do update set version = greatest(t.version, excluded.version), deleted_at = now();
      insert into sync.change_log (org_id, table_name, op, pk, version, mutation_key, actor)
      select "old row".{tenant}::text, '{name}', tg_op, "old row".{id}::text, "old row".sync_version + 1,
        nullif(current_setting('sync.mutation_key', true), ''), nullif(current_setting('sync.actor', true), '')
      from old_rows "old row"
      where "old row".{tenant} is not null;
    end if;
    -- The whole signature, which takes long to read, only where there may be several.
    if to_regnamespace('realtime') is not null
      and (to_regproc('realtime.send') is not null or to_regprocedure('realtime.send(jsonb,text,text,boolean)') is not null) then
      perform sync.broadcast_changes();
    end if;
    return null;
  end
  $log$;
$template$;

create function sync.trigger_definitions() returns text
language sql immutable
return $template$
  create trigger zz_sync_a_truncate before truncate on {table} for each statement execute function sync.refuse_truncate();
  create trigger zz_sync_b_start before insert on {table} for each row execute function sync.tracked_{name}_start();
  create trigger zz_sync_c_change before update on {table} for each row execute function sync.tracked_{name}_change();
  create trigger zz_sync_d_leave after update on {table} for each row
    when ({moved}) execute function sync.tracked_{name}_leave();
  create trigger zz_sync_e_insert after insert on {table} referencing new table as new_rows
    for each statement execute function sync.tracked_{name}_log();
  create trigger zz_sync_e_update after update on {table} referencing old table as old_rows new table as new_rows
    for each statement execute function sync.tracked_{name}_log();
  create trigger zz_sync_e_delete after delete on {table} referencing old table as old_rows
    for each statement execute function sync.tracked_{name}_log();
$template$;

-- The condition under which a change of `p_columns` changed what is shown: image by image, which every type has. A
-- generated column is told by what it is made from, since triggers before an update do not see it.
create function sync.change_condition(p_table regclass, p_columns text[]) returns text
language sql stable
return (
  with seen as (
    select distinct a.attname
    from unnest(p_columns) c (name)
    join pg_attribute g on g.attrelid = p_table and g.attname = c.name
    left join pg_attrdef d on g.attgenerated <> '' and d.adrelid = p_table and d.adnum = g.attnum
    left join pg_depend p on p.classid = 'pg_attrdef'::regclass and p.objid = d.oid and p.refobjid = p_table and p.refobjsubid > 0
    join pg_attribute a on a.attrelid = p_table and a.attnum = coalesce(p.refobjsubid, g.attnum)
    where a.attgenerated = ''
  )
  select coalesce(format('(row(%s)::record operator(pg_catalog.*<>) row(%s)::record)',
    string_agg(format('new.%I', s.attname), ', ' order by s.attname), string_agg(format('old.%I', s.attname), ', ' order by s.attname)), 'false')
  from seen s);

-- The condition under which a row went to another organisation, or to none. Short where equal means the same text: it is
-- read anew by each statement.
create function sync.moved_condition(p_table regclass, p_tenant text) returns text
language sql stable
return case when sync.is_plain_id(p_table, p_tenant)
  then format('new.%1$I is distinct from old.%1$I', p_tenant)
  else format('row(new.%1$I)::record operator(pg_catalog.*<>) row(old.%1$I)::record', p_tenant) end;
