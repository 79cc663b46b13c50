import type { Database, SqlRow } from '../../src/engine/database/Database.js'

// One line of text per thing; what a line does not tell apart, the comparison does not see.
const CATALOG = `
with ours as (select oid from pg_namespace where nspname in ('sync', 'public'))
select 'table ' || c.oid::regclass || ' ' || c.relkind::text || ' ' || coalesce(c.reloptions::text, '') || ' rls ' || c.relrowsecurity
    || ' acl ' || coalesce((select string_agg(a::text, ',' order by a::text) from unnest(c.relacl) a), '') as line
  from pg_class c where c.relnamespace in (select oid from ours) and c.relkind in ('r', 'v', 'S', 'c')
union all select 'column ' || a.attrelid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull
    || ' ' || a.attidentity::text || ' ' || coalesce(a.attcollation::regcollation::text, '') || ' at ' || a.attnum
    || ' default ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
  from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where c.relnamespace in (select oid from ours) and c.relkind in ('r', 'v', 'c') and a.attnum > 0 and not a.attisdropped
union all select 'constraint ' || coalesce(k.conrelid::regclass::text, '') || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
  from pg_constraint k where k.connamespace in (select oid from ours)
union all select 'index ' || pg_get_indexdef(i.indexrelid)
  from pg_index i join pg_class c on c.oid = i.indrelid where c.relnamespace in (select oid from ours)
union all select 'function ' || pg_get_functiondef(p.oid) || ' acl ' || coalesce((select string_agg(a::text, ',' order by a::text) from unnest(p.proacl) a), '')
  from pg_proc p where p.pronamespace in (select oid from ours) and p.proname !~ 'schema_version$'
union all select 'trigger ' || pg_get_triggerdef(t.oid)
  from pg_trigger t join pg_class c on c.oid = t.tgrelid where c.relnamespace in (select oid from ours) and not t.tgisinternal
union all select 'policy ' || p::text from pg_policies p where p.schemaname in ('sync', 'public')
union all select 'code ' || e::text from sync.error_codes e
union all select 'action ' || a::text from sync.actions a
union all select 'settings ' || s::text from sync.settings s
order by 1`

/** Everything in the schemas `sync` and `public`, one line a thing: what two equal databases have in common. */
export async function catalogOf(database: Database): Promise<string[]> {
  const rows = await database.query<{ line: string } & SqlRow>(CATALOG)
  return rows.map(({ line }) => line)
}
