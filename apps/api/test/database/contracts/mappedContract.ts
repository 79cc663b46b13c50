import { randomUUID } from 'node:crypto'
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { syncChanges } from '../../../src/engine/changes/syncChanges.js'
import type { Database } from '../../../src/engine/database/Database.js'
import type { ActionAnswer } from '../../../src/engine/ledger/ActionCall.js'
import { anActionCall } from '../../../src/engine/ledger/testing/anActionCall.js'
import { listRows } from '../../../src/engine/rows/listRows.js'
import { confirmBooking } from '../../../src/modules/bookings/confirmBooking.js'
import { bulkUpdateLeadStatus } from '../../../src/modules/leads/bulkUpdateLeadStatus.js'
import { updateLeadStatus } from '../../../src/modules/leads/updateLeadStatus.js'
import { sendSms } from '../../../src/modules/sms/sendSms.js'
import { smsHistory } from '../../../src/modules/sms/smsHistory.js'
import { teamTables } from './teamTables.js'

const { ana, eve } = teamTables

/** What a team's own tables, rules and words do to the built-in actions. The database has `teamTables`. */
export function mappedContract(current: () => Database): void {
  let database: Database
  const rules: string[] = []

  beforeAll(() => {
    database = current()
  })

  afterEach(async () => {
    for (const sql of rules.splice(0)) await database.script(sql)
  })

  /** A rule of the team's for one test. */
  const withRule = async (sql: string, undo: string) => {
    await database.script(sql)
    rules.push(undo)
  }
  const withTrigger = (when: string, body: string, event = 'before update') =>
    withRule(
      `create function crm.rule() returns trigger language plpgsql as $$ begin ${body} end $$;
       create ${event === 'at commit' ? 'constraint trigger rule after update on crm.contacts deferrable initially deferred' : `trigger rule ${event} on crm.contacts`}
         for each row when (${when}) execute function crm.rule()`,
      'drop trigger rule on crm.contacts; drop function crm.rule()',
    )
  const lead = (fields = {}) => teamTables.aLead(database, fields)
  const change = (leadId: string, status: string, caller = ana) => updateLeadStatus(database, anActionCall({ leadId, status }, { caller }))
  const bodyOf = (answer: ActionAnswer) => JSON.parse(answer.body)
  const stageOf = async (id: string) => {
    const [row] = await database.query('select stage::text as stage from crm.contacts where contact_id::text = $1', [id])
    return row?.stage
  }

  describe('words of the team’s', () => {
    test('are written into its column and shown as the client’s', async () => {
      const id = await lead()
      const { lead: row } = bodyOf(await change(id, 'won'))
      expect(row).toMatchObject({ id, status: 'won', name: 'Anna Kim', phone: '+12025550123', org_id: ana.tenant })
      expect(await stageOf(id)).toBe('customer')
    })

    test('that clients have no word for are shown as they are, and can be left', async () => {
      const cid = { actor: 'user-111', tenant: randomUUID() }
      const id = await lead({ status: 'archived', org: cid.tenant })
      const { rows } = await listRows(database, { table: 'leads', caller: cid, limit: 200, cursor: null })
      expect(rows).toMatchObject([{ id, status: 'archived' }])
      expect(bodyOf(await change(id, 'new', cid))).toMatchObject({ success: true, lead: { status: 'new' } })
    })

    test('that nobody declared are refused for good, whatever the table would hold', async () => {
      const id = await lead()
      const call = anActionCall({ leadId: id, status: 'archived' }, { caller: ana })
      const answer = await updateLeadStatus(database, call)
      expect(answer).toMatchObject({ status: 422, recorded: true })
      expect(bodyOf(answer)).toMatchObject({ code: 'STATUS_UNKNOWN', retryable: false })
      expect(bodyOf(await bulkUpdateLeadStatus(database, anActionCall({ leadIds: [id], status: 'x' }, { caller: ana })))).toMatchObject({
        code: 'STATUS_UNKNOWN',
      })
    })

    test('may be the vocabulary’s own, and final', async () => {
      await withRule(
        "update sync.lead_statuses set final = true where value = 'lost'",
        "update sync.lead_statuses set final = false where value = 'lost'",
      )
      const id = await lead({ status: 'lost' })
      expect(bodyOf(await change(id, 'new'))).toMatchObject({
        code: 'STATUS_FINAL',
        error: 'This lead is lost, which is final. Its status cannot change any more.',
      })
    })
  })

  describe('ids', () => {
    test.each(['0F0E', 'no uuid', '', "'", '{11111111-1111-4111-8111-111111111111}'])(
      'that are none of the column’s type (%p) are not found',
      async (id) => {
        expect(await change(id, 'won')).toMatchObject({ status: 404, recorded: false })
        expect(await confirmBooking(database, anActionCall({ appointmentId: id }, { caller: ana }))).toMatchObject({ status: 404 })
        const bulk = await bulkUpdateLeadStatus(database, anActionCall({ leadIds: [id, await lead()], status: 'lost' }, { caller: ana }))
        expect(bodyOf(bulk)).toMatchObject({ updated: 1, failures: [{ leadId: id, code: 'NOT_FOUND' }] })
        expect(await smsHistory(database, { caller: ana, leadId: id })).toBeNull()
      },
    )

    test('count in the form the database writes them', async () => {
      const id = await lead()
      expect(await change(id.toUpperCase(), 'won')).toMatchObject({ status: 404 })
      expect(await change(id, 'won', { actor: 'x', tenant: ana.tenant.toUpperCase() })).toMatchObject({ status: 404 })
      expect(await change(id, 'won', { actor: 'x', tenant: 'no uuid' })).toMatchObject({ status: 404 })
    })
  })

  describe('rules of the team’s', () => {
    test('run: its triggers see what the action wrote', async () => {
      const id = await lead()
      await change(id, 'qualified')
      expect(await database.query('select stage::text as stage from crm.audit where contact_id::text = $1', [id])).toEqual([
        { stage: 'qualified' },
      ])
    })

    test.each([
      [
        'a constraint',
        () =>
          withRule(
            "alter table crm.contacts add constraint needs_mobile check (stage <> 'lost' or mobile <> '+1') not valid",
            'alter table crm.contacts drop constraint needs_mobile',
          ),
      ],
      ['a trigger that raises', () => withTrigger("new.mobile = '+1'", "raise exception 'this lead is archived';")],
      ['a trigger that turns the write into nothing', () => withTrigger("new.mobile = '+1'", 'return null;')],
      ['a trigger that puts the old status back', () => withTrigger("new.mobile = '+1'", 'new.stage := old.stage; return new;')],
      ['a trigger that gives another status', () => withTrigger("new.mobile = '+1'", "new.stage := 'archived'; return new;")],
      [
        'a rule that is looked at when the transaction ends',
        () => withTrigger("new.mobile = '+1'", "raise exception 'not today';", 'at commit'),
      ],
    ])('may refuse: %s is a refusal for good, and one lead’s alone in a bulk', async (_name, rule) => {
      const [fine, refused, another] = [await lead(), await lead({ phone: '+1' }), await lead()]
      await rule()
      const call = anActionCall({ leadId: refused, status: 'lost' }, { caller: ana })
      const answer = await updateLeadStatus(database, call)
      expect(answer).toMatchObject({ status: 422, recorded: true })
      expect(bodyOf(answer)).toMatchObject({ code: 'EFFECT_REFUSED', retryable: false })
      expect(await updateLeadStatus(database, call)).toMatchObject({ body: answer.body, replayed: true })

      const bulk = await bulkUpdateLeadStatus(
        database,
        anActionCall({ leadIds: [fine, refused, another], status: 'lost' }, { caller: ana }),
      )
      expect(bulk.status).toBe(207)
      expect(bodyOf(bulk)).toMatchObject({ updated: 2, failed: 1, failures: [{ leadId: refused, code: 'EFFECT_REFUSED' }] })
      expect(
        bodyOf(bulk)
          .leads.map(({ id }: { id: string }) => id)
          .sort(),
      ).toEqual([fine, another].sort())
      expect(await Promise.all([fine, refused, another].map(stageOf))).toEqual(['lost', 'lead', 'lost'])
    })

    test('leave nothing of a click that they gave another status than it asked for', async () => {
      const id = await lead()
      await withTrigger("new.stage = 'lost'", 'new.stage := old.stage; return new;')
      await change(id, 'lost')
      await bulkUpdateLeadStatus(database, anActionCall({ leadIds: [id], status: 'lost' }, { caller: ana }))
      expect(
        await database.query('select stage_since, sync_version::int as version from crm.contacts where contact_id::text = $1', [id]),
      ).toEqual([{ stage_since: null, version: 1 }])
      expect(await database.query('select stage from crm.audit where contact_id::text = $1', [id])).toEqual([])
    })

    test('take one of a thousand with them, and no other', async () => {
      const ids = await teamTables.aThousandLeads(database)
      const bad = ids[617] ?? ''
      await withTrigger(`new.contact_id = '${bad}'`, "raise exception 'not this one';")
      const bulk = await bulkUpdateLeadStatus(database, anActionCall({ leadIds: ids, status: 'lost' }, { caller: ana }))
      expect(bodyOf(bulk)).toMatchObject({ updated: 999, failed: 1, failures: [{ leadId: bad, code: 'EFFECT_REFUSED' }] })
    })

    test('hold for appointments too', async () => {
      const id = await teamTables.anAppointment(database)
      await withRule(
        "alter table cal.events add constraint never check (state <> 'firm') not valid",
        'alter table cal.events drop constraint never',
      )
      const answer = await confirmBooking(database, anActionCall({ appointmentId: id }, { caller: ana }))
      expect(bodyOf(answer)).toMatchObject({ code: 'EFFECT_REFUSED' })
    })

    test('that leave an appointment as it was refuse to confirm it', async () => {
      const id = await teamTables.anAppointment(database)
      await withRule(
        `create function cal.rule() returns trigger language plpgsql as $$ begin new.state := old.state; return new; end $$;
         create trigger rule before update on cal.events for each row execute function cal.rule()`,
        'drop trigger rule on cal.events; drop function cal.rule()',
      )
      const answer = await confirmBooking(database, anActionCall({ appointmentId: id }, { caller: ana }))
      expect(bodyOf(answer)).toMatchObject({ code: 'EFFECT_REFUSED', retryable: false })
      expect(await database.query('select state, firm_at from cal.events where event_id::text = $1', [id])).toEqual([
        { state: 'open', firm_at: null },
      ])
    })
  })

  describe('rows', () => {
    test('are told only when what clients see of them changed', async () => {
      const id = await lead()
      const first = await syncChanges(database, { caller: ana, since: null, limit: 10 })
      const since = first.kind === 'page' ? first.page.next : ''
      await database.write('update crm.contacts set full_name = full_name where contact_id::text = $1', [id])
      await database.write("update crm.contacts set sync_version = 99, sync_by = 'forged' where contact_id::text = $1", [id])
      await database.write("update crm.contacts set full_name = 'Anna Lee' where contact_id::text = $1", [id])
      expect(await syncChanges(database, { caller: ana, since, limit: 10 })).toMatchObject({
        page: {
          changes: [{ table: 'leads', eventType: 'UPDATE', version: 2, new: { id, name: 'Anna Lee', version: 2, updated_by: null } }],
        },
      })
      expect(await syncChanges(database, { caller: eve, since, limit: 10 })).toMatchObject({ page: { changes: [] } })
    })

    test('page in the order of their own ids', async () => {
      const seen: string[] = []
      let cursor: string | null = null
      do {
        const page: Awaited<ReturnType<typeof listRows>> = await listRows(database, { table: 'leads', caller: ana, limit: 200, cursor })
        seen.push(...page.rows.map(({ id }) => id))
        cursor = page.nextCursor
      } while (cursor !== null)
      const [all] = await database.query(
        'select array_agg(contact_id::text order by contact_id) as ids from crm.contacts where account_id::text = $1',
        [ana.tenant],
      )
      expect(seen).toEqual(all?.ids)
    })
  })

  describe('an SMS to a mapped lead', () => {
    const send = (leadId: string) =>
      sendSms({ database, toE164: (phone) => phone }, anActionCall({ leadId, message: `Hi ${leadId}` }, { caller: ana }))

    test('goes to the number in the team’s column, and is in the lead’s history', async () => {
      const id = await lead({ phone: '+12025550177' })
      expect(await send(id)).toMatchObject({ status: 202 })
      expect(await smsHistory(database, { caller: ana, leadId: id })).toMatchObject([{ lead_id: id, status: 'pending' }])
      expect(await smsHistory(database, { caller: eve, leadId: id })).toBeNull()
      expect(
        await database.query('select to_number from sync.sms_dispatch d join sync.sms_messages m on m.id = d.sms_id where m.lead_id = $1', [
          id,
        ]),
      ).toEqual([{ to_number: '+12025550177' }])
    })

    test('goes with the lead when that is deleted, number and all; that somebody said STOP stays', async () => {
      const id = await lead({ phone: '+12025550178' })
      await send(id)
      await database.write("insert into sync.opt_outs values ('+12025550178', true)")
      await database.write('delete from crm.contacts where contact_id::text = $1', [id])
      expect(await database.query('select id from sync.sms_messages where lead_id = $1', [id])).toEqual([])
      expect(await database.query("select sms_id from sync.sms_dispatch where to_number = '+12025550178'")).toEqual([])
      expect(await database.query("select opted_out from sync.opt_outs where phone = '+12025550178'")).toEqual([{ opted_out: true }])
    })
  })
}
