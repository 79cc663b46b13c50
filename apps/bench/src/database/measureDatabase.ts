import { writeFileSync } from 'node:fs'
import { createDependencies, loadConfig } from '@org/api'
import { startPostgres } from '@org/tooling/postgres'
import pg from 'pg'
import { ApiProcess } from './ApiProcess.js'
import { DbosClicks } from './DbosClicks.js'
import { measureAction } from './measureAction.js'
import { measureBulk } from './measureBulk.js'
import { EFFECT_TABLES, measureEffect } from './measureEffect.js'
import { CRM_TWINS, measureMapped, TEAM_TABLE } from './measureMapped.js'

const ROWS = `
  insert into public.appointments (id, org_id, title, scheduled_at)
    select 'apt-' || n, 'org-1', 'First consultation', now() from generate_series(1, 5000) n;
  insert into public.leads (id, org_id, name, phone)
    select 'lead-' || n, 'org-1', 'Anna Kim', '+12025550123' from generate_series(1, 5000) n;
  ${CRM_TWINS};
  create table public.plain_appointments (like public.appointments including indexes including defaults including constraints) with (fillfactor = 80);
  insert into public.plain_appointments select * from public.appointments;
  ${EFFECT_TABLES}`

/** Measures what an action, an effect in TypeScript, a mapped table and a bulk cost on a real Postgres, and writes the results. */
export async function measureDatabase({ serverFile, resultsFile }: { serverFile: string; resultsFile: string }): Promise<void> {
  const postgres = await startPostgres(['-c', 'fsync=on'])
  try {
    const url = await postgres.createDatabase('bench')
    const { action, effect, mapped } = await withDatabase(url, await postgres.createDatabase('team'))
    const api = await ApiProcess.start(serverFile, url)
    const bulk = await measureBulk(api).finally(() => api.stop())
    console.table({ action, effect, mapped, bulk })
    writeFileSync(resultsFile, `${JSON.stringify({ node: process.version, action, effect, mapped, bulk }, null, 2)}\n`)
  } finally {
    await postgres.stop()
  }
}

async function withDatabase(url: string, teamUrl: string) {
  const [crm, team] = [await openDatabase(url, ROWS), await openDatabase(teamUrl, TEAM_TABLE)]
  const dbosClicks = await DbosClicks.start(url)
  const naiveSession = await openSession(url)
  const { database, session: bareSession } = crm
  try {
    return {
      action: await measureAction(database, bareSession),
      effect: await measureEffect({ bareSession, naiveSession, database, dbosClicks }),
      mapped: await measureMapped(database, team.database, team.session),
    }
  } finally {
    await Promise.all([crm.close(), team.close(), naiveSession.end(), dbosClicks.stop()])
  }
}

async function openDatabase(url: string, rows: string) {
  // Nobody signs in here, but no API starts without an identity provider.
  const settings = { DATABASE_URL: url, LOG_LEVEL: 'error', JWKS_URL: 'http://127.0.0.1:9/', JWT_ISSUER: 'bench' }
  const { database, close } = await createDependencies(loadConfig(settings))
  const session = await openSession(url)
  await session.query(rows)
  await session.query('vacuum analyze')
  return { database, session, close: () => Promise.all([session.end(), close()]) }
}

async function openSession(url: string): Promise<pg.Client> {
  const session = new pg.Client({ connectionString: url })
  await session.connect()
  return session
}
