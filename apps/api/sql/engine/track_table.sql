-- Versions and a place in the change log for a table. `version`, `updated_at`, `updated_by` and `last_mutation_key`
-- belong to the triggers: whatever a writer sets is overwritten.

-- BEFORE INSERT.
create function sync.start_version() returns trigger
language plpgsql
as $$
begin
  new.version := 1 + coalesce((select t.version from sync.tombstones t where t.table_name = tg_table_name and t.pk = new.id), 0);
  new.updated_at := now();
  -- A setting that was local to an earlier transaction of this session reads as '', not as null.
  new.updated_by := nullif(current_setting('sync.actor', true), '');
  new.last_mutation_key := nullif(current_setting('sync.mutation_key', true), '');
  return new;
end
$$;

-- BEFORE UPDATE.
create function sync.bump_version() returns trigger
language plpgsql
as $$
begin
  new.version := old.version + 1;
  new.updated_at := now();
  new.updated_by := nullif(current_setting('sync.actor', true), '');
  new.last_mutation_key := nullif(current_setting('sync.mutation_key', true), '');
  return new;
end
$$;

-- BEFORE UPDATE of the id.
create function sync.refuse_new_id() returns trigger
language plpgsql
as $$
begin
  raise exception 'The id of a row never changes: clients would take it for two rows. Delete it and insert another.';
end
$$;

-- AFTER UPDATE of the organisation: for the one it leaves, the row is gone.
create function sync.log_departure() returns trigger
language plpgsql
as $$
begin
  perform sync.commit_durably();
  insert into sync.change_log (org_id, table_name, op, pk, version, mutation_key, actor)
  values (old.org_id, tg_table_name, 'DELETE', old.id, new.version, new.last_mutation_key, new.updated_by);
  return null;
end
$$;

-- AFTER DELETE, once a statement. Who deletes is not written in the row.
create function sync.log_deletion() returns trigger
language plpgsql
as $$
begin
  perform sync.commit_durably();
  insert into sync.tombstones as t (table_name, pk, version)
  select tg_table_name, o.id, o.version + 1 from old_rows o
  on conflict (table_name, pk) do update set version = greatest(t.version, excluded.version);
  insert into sync.change_log (org_id, table_name, op, pk, version, mutation_key, actor)
  select o.org_id, tg_table_name, tg_op, o.id, o.version + 1,
    nullif(current_setting('sync.mutation_key', true), ''), nullif(current_setting('sync.actor', true), '')
  from old_rows o;
  return null;
end
$$;

create function sync.refuse_truncate() returns trigger
language plpgsql
as $$
begin
  raise exception 'truncate of % would escape the change log, and clients would keep the rows. Use delete.', tg_table_name;
end
$$;

-- Gives a table versions and a place in the change log. It needs the columns of rowColumns (contracts)
-- and a sync.row_json(its row type); whoever writes it needs the grants on sync that service_role has.
-- The log is written once a statement, not once a row: for a bulk update that halves its cost. Made per
-- table, because a transition table does not know its row type.
create procedure sync.track_table(p_table regclass)
language plpgsql
as $$
declare
  v_table text;
  v_log text;
begin
  select format('%I.%I', n.nspname, c.relname), format('sync.%I', 'log_' || c.relname) into v_table, v_log
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.oid = p_table;
  execute format($template$
    -- AFTER INSERT or UPDATE, once a statement. Author and key are those the version triggers set.
    create function %2$s() returns trigger
    language plpgsql
    as $log$
    begin
      perform sync.commit_durably();
      insert into sync.change_log (org_id, table_name, op, pk, version, mutation_key, actor, "row")
      select n.org_id, tg_table_name, tg_op, n.id, n.version, n.last_mutation_key, n.updated_by, sync.row_json(n::%1$s) from new_rows n;
      return null;
    end
    $log$;
    create trigger a_refuse_new_id before update on %1$s for each row when (new.id <> old.id) execute function sync.refuse_new_id();
    create trigger a_refuse_truncate before truncate on %1$s for each statement execute function sync.refuse_truncate();
    create trigger b_start_version before insert on %1$s for each row execute function sync.start_version();
    create trigger b_bump_version before update on %1$s for each row execute function sync.bump_version();
    create trigger y_log_departure after update on %1$s for each row when (new.org_id <> old.org_id) execute function sync.log_departure();
    create trigger z_log_insert after insert on %1$s referencing new table as new_rows for each statement execute function %2$s();
    create trigger z_log_update after update on %1$s referencing new table as new_rows for each statement execute function %2$s();
    create trigger z_log_delete after delete on %1$s referencing old table as old_rows for each statement execute function sync.log_deletion();
  $template$, v_table, v_log);
end
$$;
