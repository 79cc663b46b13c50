-- Made by scripts/makeMigrations.mjs from sql/; change it there.

-- sql/modules/bookings/confirm_booking.sql

insert into sync.error_codes (code, status, retryable, text) values
  ('ALREADY_CONFIRMED', 409, false, 'Appointment is already confirmed'),
  ('NOT_CONFIRMABLE', 409, false, 'Only a pending appointment can be confirmed, and this one is not pending any more.');

-- booking.confirm. Locks the appointment, when it may be confirmed.
create function sync.confirm_booking(p_call sync.action_call, p_request jsonb) returns sync.outcome
language plpgsql volatile
as $$
declare
  v_expected bigint := (p_request ->> 'expectedVersion')::bigint;
  v_row public.appointments;
  v_code text;
begin
  update public.appointments a
  set status = 'confirmed', confirmed_at = now(), confirmed_by = p_call.actor, notes = coalesce(p_request ->> 'notes', a.notes)
  where a.id = p_request ->> 'appointmentId' and a.org_id = p_call.tenant
    and a.status = 'pending' and a.version = coalesce(v_expected, a.version)
  returning * into v_row;
  if found then
    return row(200, jsonb_build_object('success', true, 'appointment', sync.row_json(v_row))::text, null)::sync.outcome;
  end if;

  select * into v_row from public.appointments a where a.id = p_request ->> 'appointmentId' and a.org_id = p_call.tenant;
  if not found then
    perform sync.refuse('NOT_FOUND');
  end if;
  v_code := case
    when v_row.status = 'confirmed' then 'ALREADY_CONFIRMED'
    when v_row.status <> 'pending' then 'NOT_CONFIRMABLE'
    when v_row.version <> v_expected then 'VERSION_CONFLICT' end;
  if v_code is null then
    -- It became confirmable between the two looks: come again.
    perform sync.refuse('ROW_BUSY');
  end if;
  return sync.reject(v_code, jsonb_build_object('appointment', sync.row_json(v_row)));
end
$$;

call sync.define_action('confirm_booking');

-- What stands here now, and the oldest code that may run on it: the newest version that code must know.
create or replace function sync.bookings_schema_version() returns jsonb
language sql immutable
return jsonb_build_object('version', '20261129090200', 'oldestCode', '20261129090200');
call sync.close_inside();
