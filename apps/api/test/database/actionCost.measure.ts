// What the ledger and the change log cost, on a real server with fsync on. Not a test: nothing here
// fails on a slow machine. Run it alone:
//   node ../../packages/tooling/scripts/jest.mjs --testMatch '<rootDir>/test/**/*.measure.ts'
import { test } from '@jest/globals'
import type { LeadStatus } from '@org/contracts'
import { startPostgres } from '@org/tooling/postgres'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { anActionCall } from '../../src/engine/ledger/testing/anActionCall.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { confirmBooking } from '../../src/modules/bookings/confirmBooking.js'
import { bulkUpdateLeadStatus } from '../../src/modules/leads/bulkUpdateLeadStatus.js'
import { updateLeadStatus } from '../../src/modules/leads/updateLeadStatus.js'
import { openSession } from './openSession.js'

const ROUNDS = 20
const CALLS = 50
const LEADS = 1_000

const PLAIN_UPDATE = `update public.plain_appointments
  set status = 'confirmed', confirmed_at = now(), confirmed_by = 'user-456', sync_version = sync_version + 1
  where id = $1 and org_id = 'org-1' and status = 'pending' returning *`

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
const print = (line: string) => process.stderr.write(`${line}\n`)

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

test('cost of an action', async () => {
  const server = await startPostgres(['-c', 'fsync=on'])
  const databaseUrl = await server.createDatabase()
  const database = await openDatabase({ databaseUrl, dataDirectory: ':memory:', poolSize: 10 })
  const session = await openSession(databaseUrl)
  try {
    await prepareDatabase(database)
    await session.query(`
      insert into public.appointments (id, org_id, title, scheduled_at)
        select 'apt-' || n, 'org-1', 'First consultation', now() from generate_series(1, 20000) n;
      insert into public.leads (id, org_id, name, phone)
        select 'lead-' || n, 'org-1', 'Anna Kim', '+12025550123' from generate_series(1, 20000) n;
      create table public.plain_appointments (like public.appointments including indexes including defaults including constraints) with (fillfactor = 80);
      insert into public.plain_appointments select * from public.appointments`)
    await session.query('vacuum analyze public.appointments, public.leads, public.plain_appointments')

    let row = 0
    const contestants: Record<string, (id: string) => Promise<unknown>> = {
      'begin, update, commit': async (id) => {
        await session.query('begin')
        await session.query(PLAIN_UPDATE, [id])
        await session.query('commit')
      },
      'one update, autocommit': (id) => session.query(PLAIN_UPDATE, [id]),
      'booking.confirm with ledger and change log': (appointmentId) => confirmBooking(database, anActionCall({ appointmentId })),
    }
    const times = new Map<string, number[]>()
    // In turns, so that a busy moment of the machine hits all of them.
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, run] of Object.entries(contestants)) {
        const first = row
        row += CALLS
        for (let n = 0; n < CALLS; n += 1) {
          const took = await timed(() => run(`apt-${first + n + 1}`))
          times.set(name, [...(times.get(name) ?? []), took])
        }
      }
    }
    const base = median(times.get('begin, update, commit') ?? [])
    for (const [name, took] of times)
      print(`${name}: median ${(median(took) * 1_000).toFixed(0)} µs, ${(median(took) / base).toFixed(2)} ×`)

    const ids = Array.from({ length: LEADS }, (_, n) => `lead-${n + 1}`)
    const statuses: LeadStatus[] = ['contacted', 'qualified', 'negotiating', 'lost', 'new']
    const single = await timed(async () => {
      for (const leadId of ids) await updateLeadStatus(database, anActionCall({ leadId, status: 'proposal_sent' as const }))
    })
    const bulks: number[] = []
    for (const status of statuses) bulks.push(await timed(() => bulkUpdateLeadStatus(database, anActionCall({ leadIds: ids, status }))))
    print(
      `${LEADS} leads one by one: ${single.toFixed(0)} ms; in one bulk: median ${median(bulks).toFixed(0)} ms, ${(single / median(bulks)).toFixed(0)} × faster`,
    )
  } finally {
    await session.end()
    await database.close()
    await server.stop()
  }
}, 300_000)
