-- Made by scripts/makeMigrations.mjs from sql/; change it there.

-- sql/modules/leads/update_lead_status.sql

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

-- sql/modules/leads/bulk_update_lead_status.sql

-- "3 leads updated to contacted", "2 leads updated, 1 failed (not found)".
create function sync.bulk_message(p_status text, p_updated integer, p_unchanged integer, p_failure_codes text[]) returns text
language sql immutable
return p_updated || case when p_updated = 1 then ' lead' else ' leads' end || ' updated'
  || case when p_failure_codes is null then ' to ' || p_status else '' end
  || case when p_unchanged > 0 then ', ' || p_unchanged || ' unchanged' else '' end
  || coalesce(', ' || cardinality(p_failure_codes) || ' failed (' || (
    select string_agg(distinct case code when 'NOT_FOUND' then 'not found' when 'STATUS_FINAL' then 'already won' else code end, ', ')
    from unnest(p_failure_codes) code) || ')', '');

-- lead.bulkUpdateStatus. Locks the leads in order of id, so that two bulk updates never wait for each other in a circle.
create function sync.bulk_update_lead_status(p_call sync.action_call, p_request jsonb) returns sync.outcome
language plpgsql volatile
as $$
declare
  v_status text := p_request ->> 'status';
  v_asked text[];
  v_updatable text[];
  v_unchanged text[];
  v_final text[];
  v_failures jsonb;
  v_failure_codes text[];
  v_updated integer;
  v_leads text;
begin
  select array_agg(distinct a.id) into v_asked from jsonb_array_elements_text(p_request -> 'leadIds') as a (id);

  with locked as materialized (
    select l.id, sync.lead_status_objection(l.status, v_status) as objection
    from public.leads l
    where l.id = any (v_asked) and l.org_id = p_call.tenant
    order by l.id
    for no key update
  )
  select array_agg(k.id) filter (where k.objection is null),
    coalesce(array_agg(k.id) filter (where k.objection = 'ALREADY_HAS_STATUS'), '{}'),
    coalesce(array_agg(k.id) filter (where k.objection = 'STATUS_FINAL'), '{}')
  into v_updatable, v_unchanged, v_final
  from locked k;

  with changed as (
    update public.leads l set status = v_status, status_changed_at = now()
    where l.id = any (v_updatable)
    returning l.id, sync.row_json(l) as lead
  ), shown as (
    select c.id, c.lead from changed c
    union all
    select l.id, sync.row_json(l) from public.leads l where l.id = any (v_unchanged)
  )
  -- Text: to build one jsonb value of a thousand rows takes as long as to update them.
  select '[' || coalesce(string_agg(s.lead::text, ', ' order by s.id), '') || ']' into v_leads from shown s;
  v_updated := coalesce(cardinality(v_updatable), 0);

  select coalesce(jsonb_agg(jsonb_build_object('leadId', f.id, 'code', f.code) order by f.id), '[]'), array_agg(f.code)
  into v_failures, v_failure_codes
  from (
    select a.id, case when a.id = any (v_final) then 'STATUS_FINAL' else 'NOT_FOUND' end as code
    from unnest(v_asked) as a (id)
    where a.id <> all (coalesce(v_updatable, '{}')) and a.id <> all (v_unchanged)
  ) f;

  return row(
    case when v_failure_codes is null then 200 else 207 end,
    left(jsonb_build_object(
      'success', v_failure_codes is null, 'updated', v_updated, 'failed', coalesce(cardinality(v_failure_codes), 0),
      'unchanged', cardinality(v_unchanged), 'status', v_status,
      'message', sync.bulk_message(v_status, v_updated, cardinality(v_unchanged), v_failure_codes),
      'failures', v_failures)::text, -1) || ', "leads": ' || v_leads || '}',
    null)::sync.outcome;
end
$$;

call sync.define_action('bulk_update_lead_status');

-- What stands here now, and the oldest code that may run on it: the newest version that code must know.
create or replace function sync.leads_schema_version() returns jsonb
language sql immutable
return jsonb_build_object('version', '20261129090300', 'oldestCode', '20261129090300');
call sync.close_inside();
