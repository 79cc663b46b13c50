import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Database } from '../../src/engine/database/Database.js'
import { anActionCall } from '../../src/engine/ledger/testing/anActionCall.js'
import { bringUpToDate, prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { listRows } from '../../src/engine/rows/listRows.js'
import { confirmBooking } from '../../src/modules/bookings/confirmBooking.js'
import { bulkUpdateLeadStatus } from '../../src/modules/leads/bulkUpdateLeadStatus.js'
import { updateLeadStatus } from '../../src/modules/leads/updateLeadStatus.js'
import { sendSms } from '../../src/modules/sms/sendSms.js'
import { teamTables } from './contracts/teamTables.js'
import { TestDatabases } from './TestDatabases.js'

const { ana } = teamTables
const TABLES = ['leads', 'appointments']

let databases: TestDatabases

beforeAll(async () => {
  databases = await TestDatabases.start()
})

afterAll(async () => {
  await databases.stop()
})

const open = (databaseUrl: string): Promise<Database> => databases.open(databaseUrl)

/** A database with a team's tables, and the API's role: not the owner of anything, with the one grant. */
async function aTeam(role: string): Promise<{ owner: Database; api: Database }> {
  const url = new URL(await databases.createDatabase())
  const owner = await open(url.href)
  await bringUpToDate(owner)
  await teamTables.prepare(owner)
  await owner.script(`create role ${role} login password 'team'; grant sync_runtime to ${role}`)
  url.username = role
  url.password = 'team'
  return { owner, api: await open(url.href) }
}

test('a role that owns nothing does all the API does on mapped tables, after the one grant', async () => {
  const { owner, api } = await aTeam('api_one')
  await prepareDatabase(api, { tables: TABLES })
  const [leadId, other, appointmentId] = [
    await teamTables.aLead(owner),
    await teamTables.aLead(owner),
    await teamTables.anAppointment(owner),
  ]
  // What the audit trigger writes is the team's to allow.
  await owner.script('grant insert on crm.audit to sync_runtime')
  expect((await listRows(api, { table: 'leads', caller: ana, limit: 5, cursor: null })).rows).toHaveLength(2)
  expect(await updateLeadStatus(api, anActionCall({ leadId, status: 'won' }, { caller: ana }))).toMatchObject({ status: 200 })
  expect(await bulkUpdateLeadStatus(api, anActionCall({ leadIds: [other], status: 'lost' }, { caller: ana }))).toMatchObject({
    status: 200,
  })
  expect(await confirmBooking(api, anActionCall({ appointmentId, notes: 'by phone' }, { caller: ana }))).toMatchObject({ status: 200 })
  expect(
    await sendSms({ database: api, toE164: (phone) => phone }, anActionCall({ leadId, message: 'Hi' }, { caller: ana })),
  ).toMatchObject({ status: 202 })
})

test('row-level security that hides every row is told at the start, with the policy that is missing', async () => {
  const { owner, api } = await aTeam('api_two')
  await owner.script('alter table crm.contacts enable row level security')
  const start = prepareDatabase(api, { tables: TABLES })
  await expect(start).rejects.toMatchObject({
    code: 'ROLE_LACKS_RIGHTS',
    message: expect.stringContaining('Row-level security hides every row of crm.contacts'),
  })
  const [, policy = ''] = /run: (create policy .+);/.exec(String(await start.catch((error: Error) => error.message))) ?? []
  await owner.script(policy)
  await prepareDatabase(api, { tables: TABLES })
})

test('a table that nobody mapped is told at the start', async () => {
  const { owner, api } = await aTeam('api_three')
  await owner.script("call sync.untrack_table('crm.contacts')")
  await expect(prepareDatabase(api, { tables: TABLES })).rejects.toMatchObject({
    code: 'TABLE_NOT_MAPPED',
    message: expect.stringContaining('call sync.use_leads('),
  })
})

test('a team’s policies judge by who clicked: they hide, and they refuse', async () => {
  const { owner, api } = await aTeam('api_four')
  await owner.script(`alter table crm.contacts add column owner_id text default 'user-456'; grant insert on crm.audit to sync_runtime;
    alter table crm.contacts enable row level security;
    create policy seen on crm.contacts for select to sync_runtime using (auth.jwt() ->> 'sub' in ('user-456', 'user-789'));
    create policy written on crm.contacts for update to sync_runtime using (auth.jwt() ->> 'sub' = owner_id) with check (mobile <> '+1' and auth.jwt() ->> 'sub' = owner_id)`)
  const as = (actor: string) => ({ actor, tenant: ana.tenant, claims: { sub: actor } })
  const leadId = await teamTables.aLead(owner)
  const change = async (actor: string, id = leadId) =>
    updateLeadStatus(api, anActionCall({ leadId: id, status: 'lost' }, { caller: as(actor) }))
  const codeOf = ({ body }: { body: string }) => JSON.parse(body).code

  expect(codeOf(await change('user-000'))).toBe('NOT_FOUND')
  expect((await listRows(api, { table: 'leads', caller: as('user-000'), limit: 5, cursor: null })).rows).toEqual([])
  expect((await listRows(api, { table: 'leads', caller: as('user-789'), limit: 5, cursor: null })).rows).toHaveLength(1)
  // Seen and not writable: nothing was changed, and nobody was faster.
  expect(codeOf(await change('user-789'))).toBe('EFFECT_REFUSED')
  const bulk = await bulkUpdateLeadStatus(api, anActionCall({ leadIds: [leadId], status: 'lost' }, { caller: as('user-789') }))
  expect(JSON.parse(bulk.body)).toMatchObject({ updated: 0, failures: [{ leadId, code: 'EFFECT_REFUSED' }] })
  const forbidden = await teamTables.aLead(owner, { phone: '+1' })
  const no = anActionCall({ leadId: forbidden, status: 'lost' }, { caller: as('user-456') })
  expect(await updateLeadStatus(api, no)).toMatchObject({ status: 422, recorded: true, reason: expect.stringMatching(/^42501 /) })
  expect(codeOf(await updateLeadStatus(api, no))).toBe('EFFECT_REFUSED')
  // One that a policy forbids takes no other one of a bulk with it; where it forbids all of them, nothing was done.
  const bulkOf = async (leadIds: string[]) =>
    bulkUpdateLeadStatus(api, anActionCall({ leadIds, status: 'lost' }, { caller: as('user-456') }))
  const fine = await teamTables.aLead(owner)
  expect(JSON.parse((await bulkOf([forbidden, fine])).body)).toMatchObject({
    updated: 1,
    failures: [{ leadId: forbidden, code: 'EFFECT_REFUSED' }],
  })
  expect(await bulkOf([forbidden, await teamTables.aLead(owner, { phone: '+1' })])).toMatchObject({ status: 422, recorded: true })
  expect(await change('user-456')).toMatchObject({ status: 200 })
})

test('a missing grant is nobody’s refusal: nothing is recorded, and the same click succeeds once it is there', async () => {
  const { owner, api } = await aTeam('api_five')
  const leadIds = [await teamTables.aLead(owner), await teamTables.aLead(owner)]
  const single = anActionCall({ leadId: leadIds[0] ?? '', status: 'lost' }, { caller: ana })
  const bulk = anActionCall({ leadIds, status: 'won' as const }, { caller: ana })
  // The audit trigger may not write.
  await expect(updateLeadStatus(api, single)).rejects.toMatchObject({ code: '42501' })
  await expect(bulkUpdateLeadStatus(api, bulk)).rejects.toMatchObject({ code: '42501' })
  await owner.script('grant insert on crm.audit to sync_runtime')
  expect(await updateLeadStatus(api, single)).toMatchObject({ status: 200, replayed: false })
  expect(await bulkUpdateLeadStatus(api, bulk)).toMatchObject({ status: 200, replayed: false })
})
