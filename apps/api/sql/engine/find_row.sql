-- One row of a tracked table as clients see it, for whoever looks into a click: of one organisation, or of any where `p_tenant`
-- is null. Null: there is none.
create function sync.find_row(p_name text, p_id text, p_tenant text) returns jsonb
language plpgsql stable
as $$
declare
  v_tracked sync.tracked_tables;
  v_row jsonb;
begin
  select t.* into v_tracked from sync.tracked_tables t join pg_class c on c.oid = t.relation where t.name = p_name;
  if not found then
    return null;
  end if;
  execute format('select sync.row_json("this row") from %s "this row" where %s and ($2 is null or "this row".%I::text = $2)',
    v_tracked.relation, sync.id_condition(v_tracked.relation, v_tracked.id_column, format('sync.tracked_%s_id($1)', p_name), '$1'),
    v_tracked.tenant_column)
  into v_row using p_id, p_tenant;
  return v_row;
end
$$;
