-- lead.updateStatus, for one table. Locks the lead, when it may take the status. A write that a trigger or a policy of the
-- table's turns into nothing is tried once more under a lock: then nobody was faster, and it is refused for good. So is one
-- after which the lead has another status than was asked for; whatever else it wrote is undone.
create function sync.update_lead_status_sql() returns text
language sql immutable
return $template$
  create or replace function sync.update_lead_status(p_call sync.action_call, p_request jsonb) returns sync.outcome
  language plpgsql volatile
  as $effect$
  #variable_conflict use_variable
  declare
    v_asked text := p_request ->> 'leadId';
    v_id {id_type} := sync.tracked_leads_id(v_asked);
    v_org text := p_call.tenant;
    v_tenant {tenant_type} := sync.tracked_leads_tenant(v_org);
    v_wanted text := sync.stored_lead_status(p_request ->> 'status');
    v_expected bigint := (p_request ->> 'expectedVersion')::bigint;
    v_known boolean;
    v_final text[];
    v_row {table};
    v_code text;
  begin
    select r.known, r.final into v_known, v_final from sync.lead_status_rules(p_request ->> 'status') r;
    if not v_known then
      return sync.reject('STATUS_UNKNOWN');
    end if;
    for v_try in 1 .. 2 loop
      update {table} "this row" set {changes}
      where {is_one} and {is_theirs}
        and sync.lead_status_objection("this row".{status}::text, v_wanted, v_final) is null and "this row".sync_version = coalesce(v_expected, "this row".sync_version)
      returning * into v_row;
      if found then
        if v_row.{status}::text is distinct from v_wanted then
          raise exception 'A trigger gave the lead another status than was asked for.';
        end if;
        return row(200, jsonb_build_object('success', true, 'lead', sync.row_json(v_row))::text, null)::sync.outcome;
      end if;

      select * into v_row from {table} "this row" where {is_one} and {is_theirs};
      if not found then
        perform sync.refuse('NOT_FOUND');
      end if;
      v_code := coalesce(
        sync.lead_status_objection(v_row.{status}::text, v_wanted, v_final), case when v_row.sync_version <> v_expected then 'VERSION_CONFLICT' end);
      exit when v_code is not null;
      perform from {table} "this row" where {is_one} and {is_theirs} for no key update;
    end loop;
    return sync.reject(coalesce(v_code, 'EFFECT_REFUSED'), jsonb_build_object('lead', sync.row_json(v_row))
      || sync.final_status_words(v_code, sync.row_json(v_row) ->> 'status'));
  end
  $effect$;
$template$;

call sync.make_action('update_lead_status');
