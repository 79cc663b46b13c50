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
