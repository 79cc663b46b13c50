insert into sync.error_codes (code, status, retryable, text) values
  ('ALREADY_HAS_STATUS', 409, false, 'Lead already has this status'),
  ('STATUS_FINAL', 409, false, 'This lead is won, which is final. Its status cannot change any more.'),
  ('STATUS_UNKNOWN', 422, false, 'There is no such status, so nothing was changed.');

-- Why a lead may not take a status; null when it may.
create function sync.lead_status_objection(p_current text, p_wanted text) returns text
language sql immutable parallel safe
return case when p_current = p_wanted then 'ALREADY_HAS_STATUS' when p_current = 'won' then 'STATUS_FINAL' end;

-- lead.updateStatus. Locks the lead, when it may take the status.
create function sync.update_lead_status(p_call sync.action_call, p_request jsonb) returns sync.outcome
language plpgsql volatile
as $$
declare
  v_status text := p_request ->> 'status';
  v_expected bigint := (p_request ->> 'expectedVersion')::bigint;
  v_row public.leads;
  v_code text;
begin
  update public.leads l set status = v_status, status_changed_at = now()
  where l.id = p_request ->> 'leadId' and l.org_id = p_call.tenant
    and sync.lead_status_objection(l.status, v_status) is null and l.version = coalesce(v_expected, l.version)
  returning * into v_row;
  if found then
    return row(200, jsonb_build_object('success', true, 'lead', sync.row_json(v_row))::text, null)::sync.outcome;
  end if;

  select * into v_row from public.leads l where l.id = p_request ->> 'leadId' and l.org_id = p_call.tenant;
  if not found then
    perform sync.refuse('NOT_FOUND');
  end if;
  v_code := coalesce(
    sync.lead_status_objection(v_row.status, v_status), case when v_row.version <> v_expected then 'VERSION_CONFLICT' end);
  if v_code is null then
    -- It became changeable between the two looks: come again.
    perform sync.refuse('ROW_BUSY');
  end if;
  return sync.reject(v_code, jsonb_build_object('lead', sync.row_json(v_row)));
end
$$;

call sync.define_action('update_lead_status');
