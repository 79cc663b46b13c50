import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { cleanUp } from '../../src/engine/background/cleanUp.js'
import { syncChanges } from '../../src/engine/changes/syncChanges.js'
import type { Database } from '../../src/engine/database/Database.js'
import { lookUpMutation } from '../../src/engine/ledger/lookUpMutation.js'
import { resolveMutation } from '../../src/engine/ledger/resolveMutation.js'
import { ANA, anActionCall } from '../../src/engine/ledger/testing/anActionCall.js'
import { bringUpToDate, prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { listRows } from '../../src/engine/rows/listRows.js'
import { confirmBooking } from '../../src/modules/bookings/confirmBooking.js'
import { seedDemo } from '../../src/modules/crm/seedDemo.js'
import { bulkUpdateLeadStatus } from '../../src/modules/leads/bulkUpdateLeadStatus.js'
import { createSmsOutbox } from '../../src/modules/sms/createSmsOutbox.js'
import { sendSms } from '../../src/modules/sms/sendSms.js'
import { TestDatabases } from './TestDatabases.js'

let databases: TestDatabases

beforeAll(async () => {
  databases = await TestDatabases.start()
})

afterAll(async () => {
  await databases.stop()
})

const open = (databaseUrl: string): Promise<Database> => databases.open(databaseUrl)

/** A database that its owner migrated, and a role of the team's with no right in it. */
async function aTeam(role: string): Promise<{ owner: Database; asTeam: () => Promise<Database> }> {
  const url = new URL(await databases.createDatabase())
  const owner = await open(url.href)
  await bringUpToDate(owner)
  await seedDemo(owner)
  await owner.script(`create role ${role} login password 'team'`)
  url.username = role
  url.password = 'team'
  return { owner, asTeam: () => open(url.href) }
}

test('a role without rights is refused at the start, with the grant that it lacks', async () => {
  const { asTeam } = await aTeam('team_without')
  await expect(prepareDatabase(await asTeam())).rejects.toMatchObject({
    code: 'ROLE_LACKS_RIGHTS',
    message: expect.stringContaining('grant sync_runtime to "team_without"'),
  })
})

test('a role with the grant does all the API does', async () => {
  const { owner, asTeam } = await aTeam('team_with')
  await owner.script('grant sync_runtime to "team_with"')
  const database = await asTeam()
  await prepareDatabase(database)
  expect((await listRows(database, { table: 'leads', caller: ANA, limit: 5, cursor: null })).rows).toHaveLength(5)
  const first = await syncChanges(database, { caller: ANA, since: null, limit: 10 })
  const confirm = anActionCall({ appointmentId: 'apt-123' })
  expect(await confirmBooking(database, confirm)).toMatchObject({ status: 200 })
  expect(await bulkUpdateLeadStatus(database, anActionCall({ leadIds: ['lead-1', 'lead-2'], status: 'won' as const }))).toMatchObject({
    status: 200,
  })
  const sent = await sendSms({ database, toE164: (phone) => phone }, anActionCall({ leadId: 'lead-3', message: 'Hi' }))
  expect(sent.status).toBe(202)
  const outbox = createSmsOutbox(database)
  expect(await outbox.claimDue({ leaseMs: 1_000, limit: 5 })).toHaveLength(1)
  expect(await lookUpMutation(database, { caller: ANA, key: confirm.key! })).toMatchObject({ status: 200 })
  expect(await resolveMutation(database, { caller: ANA, key: anActionCall({}).key!, ageMs: 0, createdAtMs: null })).toMatchObject({
    status: 200,
  })
  const since = first.kind === 'page' ? first.page.next : ''
  expect(await syncChanges(database, { caller: ANA, since, limit: 10 })).toMatchObject({ kind: 'page' })
  await cleanUp(database)
  await database.write('select sync.settle_timeline()')
})

test('a role that may not change the schema is told who may, when a migration is missing', async () => {
  const { owner, asTeam } = await aTeam('team_behind')
  await owner.script(
    'grant sync_runtime to "team_behind"; drop function sync.sms_schema_version(); delete from sync.migrations where name like \'sms%\'',
  )
  await expect(prepareDatabase(await asTeam())).rejects.toMatchObject({
    code: 'SCHEMA_TOO_OLD',
    message: expect.stringContaining('org-api migrate'),
  })
})
