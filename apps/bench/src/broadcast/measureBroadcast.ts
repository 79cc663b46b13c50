import { writeFileSync } from 'node:fs'
import { createDependencies, loadConfig } from '@org/api'
import { REALTIME_NOTICES, REALTIME_SCHEMA } from '@org/stand-ins'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import { measureCatchUp } from './measureCatchUp.js'
import { measureClick } from './measureClick.js'
import { measureFanOut } from './measureFanOut.js'
import { ROW_SECURITY } from './rowSecurity.js'

interface Options {
  serverFile: string
  gatewayFile: string
  subscribersFile: string
  resultsFile: string
}

const LEADS = `insert into public.leads (id, org_id, name, phone) select 'lead-' || n, 'org-1', 'Anna Kim', '+12025550123' from generate_series(1, 1000) n;
  insert into sync.lead_statuses (value, final) values ('new0', false), ('new1', false);`

// On a busy machine clicks would give up telling, and cost less.
const PATIENCE = `update sync.settings set broadcast_wait = '5 seconds';`

/** Measures what Broadcast from the database costs, and writes the results. */
export async function measureBroadcast(options: Options): Promise<void> {
  const postgres = await startPostgres(['-c', 'fsync=on'])
  try {
    const plain = await aDatabase(postgres, 'plain', ROW_SECURITY)
    const broadcasting = await aDatabase(postgres, 'broadcasting', `${REALTIME_SCHEMA} ${PATIENCE} call sync.open_realtime();`)
    const { dataDirectory } = postgres
    const click = await measureClick(options.serverFile, { with: broadcasting, without: plain }, dataDirectory)
    console.table([click.withSend, click.without])
    const catchUp = await measureCatchUp(options.serverFile, plain, dataDirectory)
    console.table([catchUp.alone, catchUp.crowd])
    const followed = await aDatabase(postgres, 'followed', `${REALTIME_SCHEMA} ${REALTIME_NOTICES} ${PATIENCE}`)
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
