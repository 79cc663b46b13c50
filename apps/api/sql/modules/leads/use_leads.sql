-- Makes a table of the team's (or crm's) the one that the actions on leads work on, and shows it as clients know leads: a
-- call of track_table and the effects, written for this table so that its indexes, triggers, constraints and row-level
-- security do their work. May be called again. Columns not named are the usual ones, where there are such.
--   p_status, p_name, p_phone   its columns; p_status_changed_at is optional
--   p_statuses                  the database's word for a status by the client's, where they differ
--   p_id, p_tenant, p_columns, p_row   as track_table, and as it was told when the table is tracked already
create procedure sync.use_leads(
  p_table regclass, p_status text default null, p_name text default null, p_phone text default null, p_statuses jsonb default '{}',
  p_status_changed_at text default null, p_id text default null, p_tenant text default null,
  p_columns text[] default null, p_row text default null)
language plpgsql
as $$
declare
  v_told sync.tracked_tables := (select t from sync.tracked_tables t where t.relation = p_table);
  v_status text := coalesce(sync.mapped_column(p_table, p_status, 'status'), 'status');
  v_name text := sync.mapped_column(p_table, p_name, 'name');
  v_phone text := sync.mapped_column(p_table, p_phone, 'phone');
  v_changed_at text := sync.mapped_column(p_table, p_status_changed_at, 'status_changed_at');
  v_known text[] := (select array_agg(s.value order by s.value) from sync.lead_statuses s);
  v_objection text;
  v_type oid;
begin
  select a.atttypid into v_type from pg_attribute a where a.attrelid = p_table and a.attname = v_status and a.attnum > 0 and not a.attisdropped;
  if not found then
    raise exception '% has no column "status". Say which one holds the status of a lead: p_status => ''…''.', p_table using errcode = 'invalid_parameter_value';
  end if;
  v_objection := sync.objection_to_words(p_table, v_status, p_statuses, v_known);
  if v_objection is not null then
    raise exception 'p_statuses is wrong: %. The statuses that clients may say are the rows of sync.lead_statuses.', v_objection
      using errcode = 'invalid_parameter_value';
  end if;
  call sync.track_mapped(p_table, 'leads', coalesce(p_id, v_told.id_column, 'id'), coalesce(p_tenant, v_told.tenant_column, 'org_id'),
    case when p_row is null then coalesce(p_columns, v_told.columns) end, case when p_columns is null then coalesce(p_row, v_told.row_sql) end,
    array['name', 'phone', 'status', 'status_changed_at'],
    array[
      coalesce('r.' || quote_ident(v_name), 'null'), coalesce('r.' || quote_ident(v_phone) || '::text', 'null'),
      sync.shown_word(p_statuses, format('r.%I::text', v_status)), coalesce(sync.shown_value(p_table, v_changed_at), 'null')],
    array_remove(array[v_name, v_phone, v_status, v_changed_at], null));
  call sync.make_effects('leads',
    sync.fill(sync.lead_lookups_sql() || sync.update_lead_status_sql() || sync.bulk_update_lead_status_sql(), sync.table_values('leads') || jsonb_build_object(
      'status', quote_ident(v_status), 'stored', sync.stored_word(p_statuses, 'p_status'), 'phone', coalesce('"this row".' || quote_ident(v_phone), 'null') || '::text',
      'changes', concat_ws(', ', format('%I = v_wanted::%s', v_status, sync.type_name(v_type)), quote_ident(v_changed_at) || ' = now()'))),
    array['sync.stored_lead_status(text)', 'sync.lead_status_rules(text)', 'sync.find_lead(text, text, text, boolean)',
      'sync.update_lead_status(sync.action_call, jsonb)', 'sync.bulk_update_lead_status(sync.action_call, jsonb)'],
    array[v_status, v_changed_at], 'sync.update_lead_status(sync.action_call, jsonb)', jsonb_build_object('status', v_known[1]));
end
$$;

-- sync.lead_status_rules: whether clients may say a status, and the final ones in the words of the database.
-- sync.find_lead: whether an organisation has a lead, and its phone number. `p_claims`: who asks, outside of an action.
-- `p_hold`: nobody deletes it until this transaction ends. Looked at afterwards, since whoever may see it may not be one who
-- may change it, which is what a lock asks for.
create function sync.lead_lookups_sql() returns text
language sql immutable
return $template$
  create or replace function sync.stored_lead_status(p_status text) returns text
  language sql immutable
  return {stored};
  -- Not in SQL, which would be planned anew on each click.
  create or replace function sync.lead_status_rules(p_status text, out known boolean, out final text[])
  language plpgsql stable
  as $rules$
  begin
    select coalesce(bool_or(s.value = p_status), false), coalesce(array_agg(sync.stored_lead_status(s.value)) filter (where s.final), '{}')
    into known, final
    from sync.lead_statuses s;
  end
  $rules$;
  create or replace function sync.find_lead(p_tenant text, p_id text, p_claims text default null, p_hold boolean default false, out id text, out phone text)
  language plpgsql volatile
  as $find$
  #variable_conflict use_variable
  declare
    v_asked text := p_id;
    v_id {id_type} := sync.tracked_leads_id(p_id);
    v_org text := p_tenant;
    v_tenant {tenant_type} := sync.tracked_leads_tenant(v_org);
  begin
    if p_claims is not null then
      perform set_config('request.jwt.claims', p_claims, true);
    end if;
    if p_hold then
      perform from {table} "this row" where {is_one} and {is_theirs} for key share;
    end if;
    select "this row".{id}::text, {phone} into id, phone from {table} "this row" where {is_one} and {is_theirs};
  end
  $find$;
$template$;
