-- Made by scripts/makeMigrations.mjs from sql/; change it there. Seal: 7782b874626fad72b39976c34e9df6bb526815fd44724543b78bdca69b5c65ea

-- sql/modules/leads/lead_statuses.sql

-- The statuses a lead may be given, and which of them nothing may follow. A team puts its own here, before it calls
-- sync.use_leads; labels and colours are the clients' (`leadStatuses` of the provider). Changes count at once.
create table sync.lead_statuses (
  value text primary key constraint lead_statuses_value check (length(value) between 1 and 64),
  final boolean not null default false
);
insert into sync.lead_statuses (value, final) values
  ('new', false), ('contacted', false), ('qualified', false), ('proposal_sent', false), ('negotiating', false), ('won', true), ('lost', false);

insert into sync.error_codes (code, status, retryable, text) values
  ('ALREADY_HAS_STATUS', 409, false, 'Lead already has this status'),
  ('STATUS_FINAL', 409, false, 'The status of this lead is final, so nothing was changed.'),
  ('STATUS_UNKNOWN', 422, false, 'There is no such status, so nothing was changed.');

-- Why a lead may not take a status; null when it may. In the words of the database, `p_final` those that are final.
create function sync.lead_status_objection(p_current text, p_wanted text, p_final text[]) returns text
language sql immutable parallel safe
return case when p_current = p_wanted then 'ALREADY_HAS_STATUS' when p_current = any (p_final) then 'STATUS_FINAL' end;

-- What a person reads where another status than won is final.
create function sync.final_status_words(p_code text, p_status text) returns jsonb
language sql immutable
return case when p_code = 'STATUS_FINAL' and p_status <> 'won'
  then jsonb_build_object('error', format('This lead is %s, which is final. Its status cannot change any more.', p_status)) else '{}' end;

-- sql/modules/leads/use_leads.sql

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

-- sql/modules/leads/update_lead_status.sql

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

-- sql/modules/leads/bulk_update_lead_status.sql

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

-- What stands here now, and the oldest code that may run on it: the newest version that code must know.
create or replace function sync.leads_schema_version() returns jsonb
language sql immutable
return jsonb_build_object('version', '20261129090200', 'oldestCode', '20261129090200');
call sync.close_inside();
