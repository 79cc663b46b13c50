-- Makes a table of the team's (or crm's) the one that bookings are confirmed in, and shows it as clients know
-- appointments: as sync.use_leads does for leads. Of the columns only the status must be there.
--   p_statuses   the database's word for pending, confirmed, cancelled and completed, where it differs
create procedure sync.use_appointments(
  p_table regclass, p_status text default null, p_title text default null, p_scheduled_at text default null, p_lead text default null,
  p_notes text default null, p_confirmed_at text default null, p_confirmed_by text default null, p_statuses jsonb default '{}',
  p_id text default null, p_tenant text default null, p_columns text[] default null, p_row text default null)
language plpgsql
as $$
declare
  v_told sync.tracked_tables := (select t from sync.tracked_tables t where t.relation = p_table);
  v_status text := coalesce(sync.mapped_column(p_table, p_status, 'status'), 'status');
  v_title text := sync.mapped_column(p_table, p_title, 'title');
  v_scheduled_at text := sync.mapped_column(p_table, p_scheduled_at, 'scheduled_at');
  v_lead text := sync.mapped_column(p_table, p_lead, 'lead_id');
  v_notes text := sync.mapped_column(p_table, p_notes, 'notes');
  v_confirmed_at text := sync.mapped_column(p_table, p_confirmed_at, 'confirmed_at');
  v_confirmed_by text := sync.mapped_column(p_table, p_confirmed_by, 'confirmed_by');
  v_objection text;
  v_type oid;
begin
  select a.atttypid into v_type from pg_attribute a where a.attrelid = p_table and a.attname = v_status and a.attnum > 0 and not a.attisdropped;
  if not found then
    raise exception '% has no column "status". Say which one holds the status of an appointment: p_status => ''…''.', p_table using errcode = 'invalid_parameter_value';
  end if;
  -- Only these two are written; the others are shown.
  v_objection := sync.objection_to_words(p_table, v_status, p_statuses, array['pending', 'confirmed'] || array(
    select w.key from jsonb_each(case when jsonb_typeof(p_statuses) = 'object' then p_statuses else '{}' end) w where w.key in ('cancelled', 'completed')));
  if v_objection is not null then
    raise exception 'p_statuses is wrong: %.', v_objection using errcode = 'invalid_parameter_value';
  end if;
  call sync.track_mapped(p_table, 'appointments', coalesce(p_id, v_told.id_column, 'id'), coalesce(p_tenant, v_told.tenant_column, 'org_id'),
    case when p_row is null then coalesce(p_columns, v_told.columns) end, case when p_columns is null then coalesce(p_row, v_told.row_sql) end,
    array['title', 'scheduled_at', 'status', 'lead_id', 'notes', 'confirmed_at', 'confirmed_by'],
    array[
      coalesce('r.' || quote_ident(v_title), 'null'), coalesce(sync.shown_value(p_table, v_scheduled_at), 'null'),
      sync.shown_word(p_statuses, format('r.%I::text', v_status)), coalesce('r.' || quote_ident(v_lead) || '::text', 'null'),
      coalesce('r.' || quote_ident(v_notes), 'null'), coalesce(sync.shown_value(p_table, v_confirmed_at), 'null'),
      coalesce('r.' || quote_ident(v_confirmed_by) || '::text', 'null')],
    array_remove(array[v_title, v_scheduled_at, v_status, v_lead, v_notes, v_confirmed_at, v_confirmed_by], null));
  call sync.make_effects('appointments',
    sync.fill(sync.confirm_booking_sql(), sync.table_values('appointments') || jsonb_build_object(
      'status', quote_ident(v_status), 'pending', quote_literal(coalesce(p_statuses ->> 'pending', 'pending')),
      'confirmed', quote_literal(coalesce(p_statuses ->> 'confirmed', 'confirmed')),
      'changes', concat_ws(', ', format('%I = %L::%s', v_status, coalesce(p_statuses ->> 'confirmed', 'confirmed'), sync.type_name(v_type)),
        quote_ident(v_confirmed_at) || ' = now()',
        quote_ident(v_confirmed_by) || ' = p_call.actor::' || sync.type_name(sync.column_type(p_table, v_confirmed_by)),
        quote_ident(v_notes) || ' = coalesce((p_request ->> ''notes'')::' || sync.type_name(sync.column_type(p_table, v_notes)) || ', "this row".' || quote_ident(v_notes) || ')'))),
    array['sync.confirm_booking(sync.action_call, jsonb)'],
    array[v_status, v_confirmed_at, v_confirmed_by, v_notes], 'sync.confirm_booking(sync.action_call, jsonb)', '{}');
end
$$;
