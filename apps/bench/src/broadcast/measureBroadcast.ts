import { writeFileSync } from 'node:fs'
import { createDependencies, loadConfig } from '@org/api'
import { REALTIME_NOTICES, REALTIME_SCHEMA } from '@org/stand-ins'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import { measureCatchUp } from './measureCatchUp.js'
import { measureClick } from './measureClick.js'
import { measureFanOut } from './measureFanOut.js'

interface Options {
  serverFile: string
  gatewayFile: string
  subscribersFile: string
  resultsFile: string
}

const LEADS = `insert into public.leads (id, org_id, name, phone) select 'lead-' || n, 'org-1', 'Anna Kim', '+12025550123' from generate_series(1, 1000) n;
  insert into sync.lead_statuses (value, final) values ('new0', false), ('new1', false);`

// As Supabase's realtime.apply_rls does for each change: subscriber by subscriber, with the subscriber's role and claims.
const ROW_SECURITY = `
  create policy read_own on public.leads for select to authenticated using (org_id in (select auth.jwt() -> 'app_metadata' ->> 'org_id'));
  grant select on public.leads to authenticated;
  create schema bench;
  create function bench.visible_to(p_id text, p_subscribers integer, p_claims jsonb) returns integer
  language plpgsql
  as $$
  declare
    v_seen boolean;
    v_count integer := 0;
  begin
    if not exists (select from pg_prepared_statements where name = 'see') then
      execute format('prepare see as select true from public.leads where id = %L', p_id);
    end if;
    for n in 1 .. p_subscribers loop
      perform set_config('role', 'authenticated', true), set_config('request.jwt.claims', p_claims::text, true);
      execute 'execute see' into v_seen;
      v_count := v_count + coalesce(v_seen, false)::integer;
    end loop;
    perform set_config('role', 'none', true);
    return v_count;
  end
  $$;`

/** Measures what Broadcast from the database costs, and writes the results. */
export async function measureBroadcast(options: Options): Promise<void> {
  const postgres = await startPostgres(['-c', 'fsync=on'])
  try {
    const plain = await aDatabase(postgres, 'plain', ROW_SECURITY)
    const broadcasting = await aDatabase(postgres, 'broadcasting', `${REALTIME_SCHEMA} call sync.open_realtime();`)
    const { dataDirectory } = postgres
    const click = await measureClick(options.serverFile, { with: broadcasting, without: plain }, dataDirectory)
    console.table([click.withSend, click.without])
    const catchUp = await measureCatchUp(options.serverFile, plain, dataDirectory)
    console.table([catchUp.alone, catchUp.crowd])
    const followed = await aDatabase(postgres, 'followed', `${REALTIME_SCHEMA} ${REALTIME_NOTICES}`)
    const fanOut = []
    for (const subscribers of [1_000, 5_000])
      for (const mode of ['broadcast', 'changes'] as const)
        fanOut.push(
          await measureFanOut({ ...options, dataDirectory, mode, subscribers, databaseUrl: mode === 'broadcast' ? followed : plain }),
        )
    console.table(fanOut)
    writeFileSync(options.resultsFile, `${JSON.stringify({ node: process.version, click, catchUp, fanOut }, null, 2)}\n`)
  } finally {
    await postgres.stop()
  }
}

async function aDatabase(postgres: PostgresServer, name: string, sql: string): Promise<string> {
  const url = await postgres.createDatabase(name)
  // Nobody signs in here, but no API starts without an identity provider.
  const settings = { DATABASE_URL: url, LOG_LEVEL: 'error', JWKS_URL: 'http://127.0.0.1:9/', JWT_ISSUER: 'bench' }
  const { database, close } = await createDependencies(loadConfig(settings))
  await database.script(`${LEADS} ${sql} analyze`).finally(close)
  return url
}
