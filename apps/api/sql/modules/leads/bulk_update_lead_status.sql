-- "3 leads updated to contacted", "2 leads updated, 1 failed (not found)".
create function sync.bulk_message(p_status text, p_updated integer, p_unchanged integer, p_failure_codes text[]) returns text
language sql immutable
return p_updated || case when p_updated = 1 then ' lead' else ' leads' end || ' updated'
  || case when p_failure_codes is null then ' to ' || p_status else '' end
  || case when p_unchanged > 0 then ', ' || p_unchanged || ' unchanged' else '' end
  || coalesce(', ' || cardinality(p_failure_codes) || ' failed (' || (
    select string_agg(distinct case code
      when 'NOT_FOUND' then 'not found' when 'STATUS_FINAL' then 'already won' when 'EFFECT_REFUSED' then 'refused' else code end, ', ')
    from unnest(p_failure_codes) code) || ')', '');

-- lead.bulkUpdateStatus, for one table. Locks the leads in order of id, so that two bulk updates never wait for each other
-- in a circle. One that the database refuses takes no other one with it: what is refused is tried again in halves, until
-- it stands alone.
create function sync.bulk_update_lead_status_sql() returns text
language sql immutable
return $template$
  create or replace function sync.bulk_update_lead_status(p_call sync.action_call, p_request jsonb) returns sync.outcome
  language plpgsql volatile
  as $effect$
  #variable_conflict use_variable
  declare
    v_status text := p_request ->> 'status';
    v_wanted text := sync.stored_lead_status(v_status);
    v_asked text[] := array(select distinct a.id from jsonb_array_elements_text(p_request -> 'leadIds') a (id));
    v_ids {id_type}[] := sync.tracked_leads_ids(v_asked);
    v_org text := p_call.tenant;
    v_tenant {tenant_type} := sync.tracked_leads_tenant(v_org);
    v_known boolean;
    v_final text[];
    v_todo {id_type}[];
    v_unchanged {id_type}[];
    v_final_ids text[];
    -- Pieces of v_todo still to be written: from, to, from, to, …
    v_pieces integer[];
    v_from integer;
    v_to integer;
    v_piece {id_type}[];
    v_ended text[];
    v_done text[] := '{}';
    v_text text;
    v_as_asked boolean;
    v_leads text[] := '{}';
    v_state text;
    v_failures jsonb;
    v_failure_codes text[];
  begin
    select r.known, r.final into v_known, v_final from sync.lead_status_rules(v_status) r;
    if not v_known then
      return sync.reject('STATUS_UNKNOWN');
    end if;
    with locked as materialized (
      select "this row".{id} as id, sync.lead_status_objection("this row".{status}::text, v_wanted, v_final) as objection
      from {table} "this row"
      where {is_some} and {is_theirs}
      order by "this row".{id}
      for no key update
    )
    select coalesce(array_agg(k.id order by k.id) filter (where k.objection is null), '{}'),
      coalesce(array_agg(k.id) filter (where k.objection = 'ALREADY_HAS_STATUS'), '{}'),
      coalesce(array_agg(k.id::text) filter (where k.objection = 'STATUS_FINAL'), '{}')
    into v_todo, v_unchanged, v_final_ids
    from locked k;

    v_pieces := case when cardinality(v_todo) > 0 then array[1, cardinality(v_todo)] else '{}' end;
    while cardinality(v_pieces) > 0 loop
      v_from := v_pieces[cardinality(v_pieces) - 1];
      v_to := v_pieces[cardinality(v_pieces)];
      v_pieces := trim_array(v_pieces, 2);
      v_piece := v_todo[v_from:v_to];
      begin
        with changed as (
          update {table} "this row" set {changes} where "this row".{id} = any (v_piece)
          returning "this row".{id}::text as id, sync.row_json("this row") as lead, "this row".{status}::text is not distinct from v_wanted as as_asked
        )
        -- Text: to build one jsonb value of a thousand rows takes as long as to update them.
        select array_agg(c.id), string_agg(c.lead::text, ', ' order by c.id), bool_and(c.as_asked) into v_ended, v_text, v_as_asked from changed c;
        if not v_as_asked then
          raise exception 'A trigger gave a lead another status than was asked for.';
        end if;
        -- What the database would judge at the commit it judges here, where one row can still be told from the others.
        set constraints all immediate;
        v_done := v_done || v_ended;
        v_leads := v_leads || v_text;
      exception when others then
        get stacked diagnostics v_state = returned_sqlstate;
        -- 42501 is the state of a policy and of a missing grant: where it met every one of them, who knows better decides.
        if sync.ending_of_error(v_state) is distinct from 'refused'
          and (v_state <> '42501' or v_from = v_to and cardinality(v_pieces) = 0 and cardinality(v_done) = 0) then
          raise;
        end if;
        if v_from < v_to then
          v_pieces := v_pieces || array[(v_from + v_to) / 2 + 1, v_to, v_from, (v_from + v_to) / 2];
        end if;
      end;
    end loop;

    if cardinality(v_unchanged) > 0 then
      select v_leads || string_agg(sync.row_json("this row")::text, ', ' order by "this row".{id}) into v_leads from {table} "this row" where "this row".{id} = any (v_unchanged);
    end if;
    -- A lead that can be seen and was neither changed nor final: a rule of the table's does not allow it.
    select coalesce(jsonb_agg(jsonb_build_object('leadId', f.id, 'code', f.code) order by f.id), '[]'), array_agg(f.code)
    into v_failures, v_failure_codes
    from (
      select a.id, case
        when a.id = any (v_final_ids) then 'STATUS_FINAL'
        when exists (select from sync.find_lead(p_call.tenant, a.id) l where l.id is not null) then 'EFFECT_REFUSED'
        else 'NOT_FOUND' end as code
      from (select unnest(v_asked) except select unnest(v_done || v_unchanged::text[])) a (id)
    ) f;

    return row(
      case when v_failure_codes is null then 200 else 207 end,
      left(jsonb_build_object(
        'success', v_failure_codes is null, 'updated', cardinality(v_done), 'failed', coalesce(cardinality(v_failure_codes), 0),
        'unchanged', cardinality(v_unchanged), 'status', v_status,
        'message', sync.bulk_message(v_status, cardinality(v_done), cardinality(v_unchanged), v_failure_codes),
        'failures', v_failures)::text, -1) || ', "leads": [' || array_to_string(v_leads, ', ') || ']}',
      null)::sync.outcome;
  end
  $effect$;
$template$;

call sync.make_action('bulk_update_lead_status');
