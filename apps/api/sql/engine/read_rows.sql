-- Lists of tracked tables, for any of them. One page of an organisation's rows in order of id, after the id `p_after`; the
-- planner sees the values, and an index over (organisation, id) serves it whatever the size of the table. `p_claims`
-- are who asks, for a team's row-level security. SY004: no such table; SY005: `p_after` is no id of it.
create function sync.read_rows(p_name text, p_tenant text, p_after text, p_limit integer, p_claims text default null)
returns table (id text, "row" jsonb)
language plpgsql volatile
as $$
declare
  v_tracked sync.tracked_tables;
  v_id_type oid;
  v_is_place boolean := true;
begin
  select t.* into v_tracked from sync.tracked_tables t join pg_class c on c.oid = t.relation where t.name = p_name;
  if not found then
    raise exception 'No table is tracked as "%".', p_name using errcode = 'SY004';
  end if;
  if p_claims is not null then
    perform set_config('request.jwt.claims', p_claims, true);
  end if;
  if p_after is not null then
    execute format('select sync.tracked_%s_id($1) is not null', p_name) into v_is_place using p_after;
  end if;
  if not v_is_place then
    raise exception 'No row of "%" has such an id.', p_name using errcode = 'SY005';
  end if;
  v_id_type := sync.column_type(v_tracked.relation, v_tracked.id_column);
  return query execute format(
    'select "this row".%1$I::text, sync.row_json("this row") from %2$s "this row" where %3$s and %4$s order by "this row".%1$I limit $3',
    v_tracked.id_column, v_tracked.relation,
    sync.id_condition(v_tracked.relation, v_tracked.tenant_column, format('sync.tracked_%s_tenant($1)', p_name), '$1'),
    case when p_after is null then 'true'
      else format('"this row".%I %s sync.tracked_%s_id($2)', v_tracked.id_column, sync.operator_name(v_id_type, '>'), p_name) end)
  using p_tenant, p_after, p_limit;
end
$$;
