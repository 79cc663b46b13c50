-- Made by scripts/makeMigrations.mjs from sql/; change it there. Seal: a1302563aade41025b02073e34c3b7493989e4174f5b35ff4d6897c2942d468a

-- sql/modules/bookings/use_appointments.sql

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

-- sql/modules/bookings/confirm_booking.sql

insert into sync.error_codes (code, status, retryable, text) values
  ('ALREADY_CONFIRMED', 409, false, 'Appointment is already confirmed'),
  ('NOT_CONFIRMABLE', 409, false, 'Only a pending appointment can be confirmed, and this one is not pending any more.');

-- booking.confirm, for one table. Locks the appointment, when it may be confirmed. A write that a trigger or a policy of
-- the table's turns into nothing is tried once more under a lock: then nobody was faster, and it is refused for good. So is
-- one after which the appointment is not confirmed; whatever else it wrote is undone.
create function sync.confirm_booking_sql() returns text
language sql immutable
return $template$
  create or replace function sync.confirm_booking(p_call sync.action_call, p_request jsonb) returns sync.outcome
  language plpgsql volatile
  as $effect$
  #variable_conflict use_variable
  declare
    v_asked text := p_request ->> 'appointmentId';
    v_id {id_type} := sync.tracked_appointments_id(v_asked);
    v_org text := p_call.tenant;
    v_tenant {tenant_type} := sync.tracked_appointments_tenant(v_org);
    v_expected bigint := (p_request ->> 'expectedVersion')::bigint;
    v_row {table};
    v_code text;
  begin
    for v_try in 1 .. 2 loop
      update {table} "this row" set {changes}
      where {is_one} and {is_theirs} and "this row".{status}::text = {pending} and "this row".sync_version = coalesce(v_expected, "this row".sync_version)
      returning * into v_row;
      if found then
        if v_row.{status}::text is distinct from {confirmed} then
          raise exception 'A trigger gave the appointment another status than was asked for.';
        end if;
        return row(200, jsonb_build_object('success', true, 'appointment', sync.row_json(v_row))::text, null)::sync.outcome;
      end if;

      select * into v_row from {table} "this row" where {is_one} and {is_theirs};
      if not found then
        perform sync.refuse('NOT_FOUND');
      end if;
      v_code := case
        when v_row.{status}::text = {confirmed} then 'ALREADY_CONFIRMED'
        when v_row.{status}::text is distinct from {pending} then 'NOT_CONFIRMABLE'
        when v_row.sync_version <> v_expected then 'VERSION_CONFLICT' end;
      exit when v_code is not null;
      perform from {table} "this row" where {is_one} and {is_theirs} for no key update;
    end loop;
    return sync.reject(coalesce(v_code, 'EFFECT_REFUSED'), jsonb_build_object('appointment', sync.row_json(v_row)));
  end
  $effect$;
$template$;

call sync.make_action('confirm_booking');

-- What stands here now, and the oldest code that may run on it: the newest version that code must know.
create or replace function sync.bookings_schema_version() returns jsonb
language sql immutable
return jsonb_build_object('version', '20261129090100', 'oldestCode', '20261129090100');
call sync.close_inside();
