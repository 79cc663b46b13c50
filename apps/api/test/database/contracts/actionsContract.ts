import { beforeAll, describe, expect, test } from '@jest/globals'
import { bookingConfirm, type LeadStatus, leadBulkUpdateStatus, leadUpdateStatus, parse } from '@org/contracts'
import type { Database } from '../../../src/engine/database/Database.js'
import type { ActionCall } from '../../../src/engine/ledger/ActionCall.js'
import { anActionCall as anyCall } from '../../../src/engine/ledger/testing/anActionCall.js'
import { confirmBooking } from '../../../src/modules/bookings/confirmBooking.js'
import { bulkUpdateLeadStatus } from '../../../src/modules/leads/bulkUpdateLeadStatus.js'
import { updateLeadStatus } from '../../../src/modules/leads/updateLeadStatus.js'
import { crmTables } from './crmTables.js'
import { ledgerRow } from './rows.js'

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** What the actions on appointments and leads do to rows, of whatever tables these are mapped to. */
export function actionsContract(current: () => Database, tables = crmTables): void {
  const { ana, ben, eve } = tables
  const nowhere = '0a0a0a0a-0000-4000-8000-000000000000'
  const anActionCall = <Request>(request: Request, fields: Partial<ActionCall<Request>> = {}) =>
    anyCall(request, { caller: ana, ...fields })
  let database: Database

  beforeAll(() => {
    database = current()
  })

  describe(`booking.confirm on ${tables.name}`, () => {
    test('confirms a pending appointment in the name of the caller', async () => {
      const id = await tables.anAppointment(database)
      const call = anActionCall({ appointmentId: id, notes: 'Client confirmed via phone' })
      const answer = await confirmBooking(database, call)
      const { appointment } = parse(bookingConfirm.responseSchema, JSON.parse(answer.body))
      expect(appointment).toMatchObject({
        id,
        status: 'confirmed',
        confirmed_by: ana.actor,
        confirmed_at: expect.stringMatching(INSTANT),
        notes: 'Client confirmed via phone',
        version: 2,
        updated_by: ana.actor,
        updated_at: expect.stringMatching(INSTANT),
        last_mutation_key: call.key,
      })
    })

    test('tells the second person that it is confirmed already, with the row as it stands', async () => {
      const id = await tables.anAppointment(database)
      await confirmBooking(database, anActionCall({ appointmentId: id }))
      const answer = await confirmBooking(database, anActionCall({ appointmentId: id }, { caller: ben }))
      expect(answer.status).toBe(409)
      expect(JSON.parse(answer.body)).toMatchObject({
        success: false,
        error: 'Appointment is already confirmed',
        code: 'ALREADY_CONFIRMED',
        appointment: { id, confirmed_by: ana.actor, version: 2 },
      })
    })

    test.each(['cancelled', 'completed'])('does not confirm what is %s', async (status) => {
      const answer = await confirmBooking(database, anActionCall({ appointmentId: await tables.anAppointment(database, { status }) }))
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'NOT_CONFIRMABLE', appointment: { status } })
    })

    test('does not overwrite a change the person has not seen', async () => {
      const appointmentId = await tables.anAppointment(database)
      const answer = await confirmBooking(database, anActionCall({ appointmentId, expectedVersion: 7 }))
      expect(answer.status).toBe(409)
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'VERSION_CONFLICT', appointment: { version: 1 } })
      expect(await confirmBooking(database, anActionCall({ appointmentId, expectedVersion: 1 }))).toMatchObject({ status: 200 })
    })

    test('does not know the appointment of another organisation', async () => {
      const appointmentId = await tables.anAppointment(database, { org: eve.tenant })
      expect(await confirmBooking(database, anActionCall({ appointmentId }))).toMatchObject({ status: 404 })
      expect(await tables.versionOf(database, 'appointments', appointmentId)).toBe(1)
    })
  })

  describe(`lead.updateStatus on ${tables.name}`, () => {
    const change = (leadId: string, status: LeadStatus, fields = {}) =>
      updateLeadStatus(database, anActionCall({ leadId, status, ...fields }))

    test('moves a lead to another status', async () => {
      const id = await tables.aLead(database)
      const answer = await change(id, 'qualified')
      const { lead } = parse(leadUpdateStatus.responseSchema, JSON.parse(answer.body))
      expect(lead).toMatchObject({ id, status: 'qualified', status_changed_at: expect.stringMatching(INSTANT), version: 2 })
    })

    test('says that a lead has the status already', async () => {
      const id = await tables.aLead(database, { status: 'won' })
      expect(JSON.parse((await change(id, 'won')).body)).toMatchObject({ code: 'ALREADY_HAS_STATUS', lead: { id } })
    })

    test('lets nothing follow won, and lets a lost lead be reopened', async () => {
      expect(JSON.parse((await change(await tables.aLead(database, { status: 'won' }), 'lost')).body)).toMatchObject({
        code: 'STATUS_FINAL',
      })
      expect(await change(await tables.aLead(database, { status: 'lost' }), 'new')).toMatchObject({ status: 200 })
    })

    test('does not overwrite a change the person has not seen', async () => {
      const id = await tables.aLead(database)
      expect(JSON.parse((await change(id, 'won', { expectedVersion: 2 })).body)).toMatchObject({
        code: 'VERSION_CONFLICT',
        lead: { version: 1 },
      })
    })

    test('does not know the lead of another organisation', async () => {
      expect(await change(await tables.aLead(database, { org: eve.tenant }), 'won')).toMatchObject({ status: 404, recorded: false })
    })
  })

  describe(`lead.bulkUpdateStatus on ${tables.name}`, () => {
    const bulk = async (leadIds: string[], status: LeadStatus) => {
      const call = anActionCall({ leadIds, status })
      const answer = await bulkUpdateLeadStatus(database, call)
      return { call, answer, body: parse(leadBulkUpdateStatus.responseSchema, JSON.parse(answer.body)) }
    }

    test('updates many leads in one go, with their rows', async () => {
      const ids = [await tables.aLead(database), await tables.aLead(database), await tables.aLead(database, { status: 'lost' })]
      const { answer, body, call } = await bulk(ids, 'contacted')
      expect(answer).toMatchObject({ status: 200, recorded: true })
      expect(body).toMatchObject({
        success: true,
        updated: 3,
        failed: 0,
        unchanged: 0,
        message: '3 leads updated to contacted',
        failures: [],
      })
      expect(body.leads.map(({ id }) => id).sort()).toEqual([...ids].sort())
      for (const lead of body.leads) expect(lead).toMatchObject({ status: 'contacted', version: 2, last_mutation_key: call.key })
      expect(await bulkUpdateLeadStatus(database, call)).toEqual({ ...answer, replayed: true })
    })

    test('says what happened to each lead when not all could be updated', async () => {
      const [fresh, same, won] = [
        await tables.aLead(database),
        await tables.aLead(database, { status: 'contacted' }),
        await tables.aLead(database, { status: 'won' }),
      ]
      const foreign = await tables.aLead(database, { org: eve.tenant })
      const { answer, body } = await bulk([fresh, same, won, foreign, nowhere], 'contacted')
      expect(answer.status).toBe(207)
      expect(body).toMatchObject({ success: false, updated: 1, failed: 3, unchanged: 1 })
      expect(body.message).toBe('1 lead updated, 1 unchanged, 3 failed (already won, not found)')
      expect([...body.failures].sort((a, b) => (a.leadId < b.leadId ? -1 : 1))).toEqual(
        [
          { leadId: won, code: 'STATUS_FINAL' },
          { leadId: foreign, code: 'NOT_FOUND' },
          { leadId: nowhere, code: 'NOT_FOUND' },
        ].sort((a, b) => (a.leadId < b.leadId ? -1 : 1)),
      )
      expect(body.leads.map(({ id }) => id).sort()).toEqual([fresh, same].sort())
      expect(await tables.versionOf(database, 'leads', same)).toBe(1)
      expect(await tables.versionOf(database, 'leads', foreign)).toBe(1)
    })

    test('words a partial failure as the guide does', async () => {
      const { body } = await bulk([await tables.aLead(database), await tables.aLead(database), nowhere], 'qualified')
      expect(body.message).toBe('2 leads updated, 1 failed (not found)')
    })

    test('counts a lead named twice once', async () => {
      const id = await tables.aLead(database)
      const { body } = await bulk([id, id], 'lost')
      expect(body).toMatchObject({ updated: 1, leads: [{ id }] })
    })

    test('answers when nothing had to change and when nothing could', async () => {
      expect((await bulk([await tables.aLead(database, { status: 'lost' })], 'lost')).body).toMatchObject({
        success: true,
        updated: 0,
        unchanged: 1,
      })
      expect((await bulk([nowhere], 'lost')).body).toMatchObject({ success: false, updated: 0, failed: 1, leads: [] })
    })

    test('takes a thousand leads at once, and no key', async () => {
      const leadIds = await tables.aThousandLeads(database)
      const answer = await bulkUpdateLeadStatus(database, anActionCall({ leadIds, status: 'won' as const }, { key: null }))
      expect(answer).toMatchObject({ status: 200, recorded: false })
      expect(JSON.parse(answer.body)).toMatchObject({ updated: 1_000, message: '1000 leads updated to won' })
      expect(await ledgerRow(database, null)).toBeUndefined()
    })
  })
}
