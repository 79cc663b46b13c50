import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type SmsMessageRow, smsSend } from '@org/contracts'
import type { Database } from '../../../src/database/Database.js'
import type { ActionCall, ActionOptions } from '../../../src/services/ActionCall.js'
import { findAnswer } from '../../../src/services/findAnswer.js'
import { lookUpMutation } from '../../../src/services/lookUpMutation.js'
import { resolveMutation } from '../../../src/services/resolveMutation.js'
import { sendSms } from '../../../src/services/sendSms.js'
import { smsHistory } from '../../../src/services/smsHistory.js'
import { createSmsOutbox } from '../../../src/services/smsOutbox.js'
import { ANA, anActionCall, EVE } from '../../../src/services/testing/anActionCall.js'
import type { ClaimedSms, SmsLease, SmsOutbox } from '../../../src/sms/SmsOutbox.js'
import { aStoredLead, ledgerRow, versionOf } from './rows.js'

type SmsRequest = { leadId: string; message: string; templateId?: string }

const LEASE = { leaseMs: 15_000 }
let numbers = 0

/** How an SMS goes from a click to its end, with every ending between. */
export function smsContract(current: () => Database): void {
  describe('sms', () => {
    let database: Database
    let outbox: SmsOutbox

    beforeAll(() => {
      database = current()
      outbox = createSmsOutbox(database)
    })

    // What an earlier test left unfinished is not this one's.
    beforeEach(() => database.write('update sync.sms_dispatch set due_at = null'))

    const toE164 = (phone: string) => (phone.startsWith('+') ? phone : null)
    const click = (call: ActionCall<SmsRequest>, options?: ActionOptions) => sendSms({ database, toE164 }, call, options)
    const aNumber = () => {
      numbers += 1
      return `+1312555${String(numbers).padStart(4, '0')}`
    }
    const taken = async (fields: Partial<ActionCall<SmsRequest>> = {}) => {
      const to = aNumber()
      const call = anActionCall<SmsRequest>({ leadId: await aStoredLead(database, { phone: to }), message: 'Hi Anna' }, fields)
      const answer = await click(call)
      return { call, to, answer, id: answer.ref ?? '' }
    }
    const claimed = async (fields: Partial<ActionCall<SmsRequest>> = {}) => {
      const sms = await taken(fields)
      const lease = await outbox.claimOne(sms.id, LEASE)
      if (lease === null) throw new Error('the SMS was not due')
      return { ...sms, lease }
    }
    const indeterminate = async () => {
      const sms = await claimed()
      await outbox.markIndeterminate(sms.lease, { reason: 'timeout' })
      return sms
    }
    const makeDue = (id: string) =>
      database.write(`update sync.sms_dispatch set due_at = now() - interval '1 second' where sms_id = $1`, [id])
    const listed = async (id: string) => {
      await makeDue(id)
      const [lease] = await outbox.claimIndeterminate({ ...LEASE, limit: 10 })
      if (lease === undefined) throw new Error('the SMS was not due for a listing')
      return lease
    }
    const rowOf = async (id: string) => {
      const [row] = await database.query<{ row: SmsMessageRow }>(
        'select sync.row_json(m) as row from public.sms_messages m where id = $1',
        [id],
      )
      return row?.row
    }
    const bodyOf = (answer: { body: string } | null) => JSON.parse(answer?.body ?? 'null')

    describe('the click', () => {
      test('takes the SMS over: 202 until it is on its way, then the final answer for ever', async () => {
        const { call, answer, id, to } = await taken()
        expect(answer).toMatchObject({ status: 202, recorded: false, replayed: false, retryAfterMs: 1_000 })
        expect(bodyOf(answer)).toMatchObject({
          success: true,
          sms: { id, status: 'pending', state: 'pending', leadId: call.request.leadId },
        })
        expect(await click(call)).toMatchObject({ status: 202, recorded: false, replayed: true, ref: id })

        const lease = await outbox.claimOne(id, LEASE)
        expect(lease).toMatchObject({ id, tenant: ANA.tenant, to, message: 'Hi Anna', attempt: 1 })
        expect(await findAnswer(database, call)).toMatchObject({ status: 202 })
        expect(await outbox.markAccepted(lease as ClaimedSms, { sid: `SM-${id}` })).toBe(true)

        const final = await findAnswer(database, call)
        expect(final).toMatchObject({ status: 200, recorded: true })
        const { sms } = smsSend.responseSchema.parse(bodyOf(final))
        expect(sms).toMatchObject({ id, status: 'pending', state: 'accepted', message: 'Hi Anna' })
        expect(sms.sentAt).toBe(sms.sent_at)
        await outbox.applyStatus({ id, attempt: 1, sid: `SM-${id}`, status: 'delivered', errorCode: null })
        expect(await click(call)).toEqual({ ...final, replayed: true })
        expect(await smsHistory(database, { caller: ANA, leadId: call.request.leadId })).toMatchObject([{ id, status: 'delivered' }])
      })

      test('asks the circuit after the ledger and before anything is written', async () => {
        const refusal = { code: 'CIRCUIT_BREAKER_OPEN' as const, retryAfterMs: 30_000 }
        const { call, id } = await taken()
        expect(await click(call, { refusal })).toMatchObject({ status: 202, ref: id })

        const other = anActionCall<SmsRequest>({ leadId: call.request.leadId, message: 'Hello again' })
        const refused = await click(other, { refusal })
        expect(refused).toMatchObject({ status: 503, recorded: false, retryAfterMs: 30_000 })
        expect(bodyOf(refused)).toEqual({
          success: false,
          error: 'SMS service temporarily unavailable',
          code: 'CIRCUIT_BREAKER_OPEN',
          retrying: true,
          retryable: true,
          retryAfterMs: 30_000,
        })
        expect(await ledgerRow(database, other.key)).toBeUndefined()
        expect(await smsHistory(database, { caller: ANA, leadId: call.request.leadId })).toHaveLength(1)
      })

      test.each([
        ['no phone', null],
        ['a phone no SMS can reach', 'extension 7'],
      ])('rejects a lead with %s for good', async (_, phone) => {
        const call = anActionCall<SmsRequest>({ leadId: await aStoredLead(database, { phone }), message: 'Hi' })
        expect(await click(call)).toMatchObject({ status: 422, recorded: true })
        expect(bodyOf(await findAnswer(database, call))).toMatchObject({ code: 'PHONE_INVALID' })
      })

      test('does not know the lead of another organisation, nor its history', async () => {
        const leadId = await aStoredLead(database, { org: EVE.tenant })
        expect(await click(anActionCall<SmsRequest>({ leadId, message: 'Hi' }))).toMatchObject({ status: 404 })
        expect(await smsHistory(database, { caller: ANA, leadId })).toBeNull()
        expect(await smsHistory(database, { caller: EVE, leadId })).toEqual([])
      })

      test('does not send to someone who said STOP', async () => {
        const phone = aNumber()
        await outbox.setOptOut(phone, true)
        const leadId = await aStoredLead(database, { phone })
        const stopped = await click(anActionCall<SmsRequest>({ leadId, message: 'Hi' }))
        expect(stopped).toMatchObject({ status: 422, recorded: true })
        expect(bodyOf(stopped)).toMatchObject({ code: 'OPTED_OUT' })
        await outbox.setOptOut(phone, false)
        expect(await click(anActionCall<SmsRequest>({ leadId, message: 'Hi' }))).toMatchObject({ status: 202 })
      })

      test('sends to the number of the click, even when it is corrected meanwhile', async () => {
        const { id, call, to } = await taken()
        await database.write('update public.leads set phone = $1 where id = $2', ['+14155550199', call.request.leadId])
        expect(await outbox.claimOne(id, LEASE)).toMatchObject({ to })
      })

      test('never makes a second SMS of one click, even when the ledger forgot it', async () => {
        const { call } = await taken()
        await database.write('delete from sync.ledger where key = $1', [call.key])
        expect(bodyOf(await click(call))).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
        expect(await smsHistory(database, { caller: ANA, leadId: call.request.leadId })).toHaveLength(1)
      })
    })

    describe('sending', () => {
      test('is leased to one dispatcher at a time', async () => {
        const { id } = await taken()
        const claims = await Promise.all(Array.from({ length: 5 }, () => outbox.claimOne(id, LEASE)))
        expect(claims.filter((claim) => claim !== null)).toHaveLength(1)
        expect(await outbox.claimDue({ ...LEASE, limit: 10 })).toEqual([])
        expect(await outbox.stateOf(id)).toBe('sending')
      })

      test('takes the oldest due ones first, as many as asked', async () => {
        const [first, second, third] = [await taken(), await taken(), await taken()]
        const due = await outbox.claimDue({ ...LEASE, limit: 2 })
        expect(due.map(({ id }) => id)).toEqual([first.id, second.id])
        expect((await outbox.claimDue({ ...LEASE, limit: 2 })).map(({ id }) => id)).toEqual([third.id])
      })

      test('tells the carrier how long the message is worth sending', async () => {
        const { lease } = await claimed({ ttlMs: 100_000, ageMs: 40_000 })
        expect(lease.validitySeconds).toBeGreaterThan(50)
        expect(lease.validitySeconds).toBeLessThanOrEqual(60)
      })

      test('does not send what has less than five seconds left', async () => {
        const { id, call } = await taken({ ttlMs: 4_000, ageMs: 0 })
        expect(await outbox.claimOne(id, LEASE)).toBeNull()
        expect(await outbox.stateOf(id)).toBe('expired')
        expect(await findAnswer(database, call)).toMatchObject({ status: 410, recorded: true })
        expect(bodyOf(await findAnswer(database, call))).toMatchObject({ code: 'ACTION_EXPIRED', sms: { status: 'expired' } })
      })

      test('checks for a STOP that came after the click', async () => {
        const { id, to, call } = await taken()
        await outbox.setOptOut(to, true)
        expect(await outbox.claimDue({ ...LEASE, limit: 10 })).toEqual([])
        expect(await rowOf(id)).toMatchObject({ state: 'failed', error_code: 21610 })
        expect(bodyOf(await findAnswer(database, call))).toMatchObject({ code: 'OPTED_OUT' })
      })

      test('answers a rejection of the carrier with its reason, the same for ever', async () => {
        const { lease, call } = await claimed()
        expect(await outbox.markFailed(lease, { errorCode: 21614, reason: 'not a mobile number', optedOut: false })).toBe(true)
        const answer = await findAnswer(database, call)
        expect(answer).toMatchObject({ status: 422, recorded: true })
        expect(bodyOf(answer)).toMatchObject({
          code: 'SMS_REJECTED',
          error: 'The SMS was rejected by the carrier and was not sent: not a mobile number',
          sms: { status: 'failed', error_code: 21614, error_message: 'not a mobile number' },
        })
        expect(await click(call)).toEqual(answer)
      })

      test('remembers an opt-out that the carrier knew first', async () => {
        const { lease, to } = await claimed()
        await outbox.markFailed(lease, { errorCode: 21610, reason: 'unsubscribed', optedOut: true })
        const next = await click(anActionCall<SmsRequest>({ leadId: await aStoredLead(database, { phone: to }), message: 'Hi' }))
        expect(bodyOf(next)).toMatchObject({ code: 'OPTED_OUT' })
      })

      test('goes back to pending when the carrier certainly did not take it, and is due later', async () => {
        const { lease, id } = await claimed()
        expect(await outbox.postpone(lease, { retryAfterMs: 60_000, reason: 'connection refused' })).toBe(true)
        expect(await outbox.stateOf(id)).toBe('pending')
        expect(await outbox.claimOne(id, LEASE)).toBeNull()
        await makeDue(id)
        expect(await outbox.claimOne(id, LEASE)).toMatchObject({ attempt: 2 })
      })

      test('lets nobody without the lease go on', async () => {
        const { lease } = await claimed()
        const stranger: SmsLease = { ...lease, leaseToken: 'someone else' }
        expect(await outbox.markFailed(stranger, { errorCode: 1, reason: 'no', optedOut: false })).toBe(false)
        expect(await outbox.postpone(stranger, { retryAfterMs: 0, reason: 'no' })).toBe(false)
        expect(await outbox.markIndeterminate(stranger, { reason: 'no' })).toBe(false)
        expect(await outbox.listingFoundNothing(stranger)).toBe(false)
        expect(await outbox.allowResend(stranger)).toBe(false)
        expect(await outbox.stateOf(lease.id)).toBe('sending')
      })
    })

    describe('an unknown outcome', () => {
      test('is what a dispatcher that died while sending leaves behind', async () => {
        const { id, call } = await claimed()
        expect(await outbox.expireLeases()).toBe(0)
        await makeDue(id)
        expect(await outbox.expireLeases()).toBe(1)
        expect(await outbox.stateOf(id)).toBe('indeterminate')
        expect(await findAnswer(database, call)).toMatchObject({ status: 202, recorded: false })
      })

      test('is ended by the answer that arrives after all', async () => {
        const { id, lease, call } = await claimed()
        await makeDue(id)
        await outbox.expireLeases()
        expect(await outbox.markAccepted(lease, { sid: `SM-${id}` })).toBe(true)
        expect(await findAnswer(database, call)).toMatchObject({ status: 200, recorded: true })
      })

      test('is looked up in the list of the carrier three times, then left to a person', async () => {
        const { id, call } = await indeterminate()
        expect(await outbox.claimIndeterminate({ ...LEASE, limit: 10 })).toEqual([])
        for (const listing of [1, 2, 3]) {
          const lease = await listed(id)
          expect(lease).toMatchObject({ id, listing, attempt: 1, attemptedAt: expect.any(Date) })
          expect(bodyOf(await findAnswer(database, call))).not.toHaveProperty('code')
          expect(await outbox.listingFoundNothing(lease)).toBe(true)
        }
        const [{ due_at } = { due_at: 'missing' }] = await database.query('select due_at from sync.sms_dispatch where sms_id = $1', [id])
        expect(due_at).toBeNull()
        const answer = await findAnswer(database, call)
        expect(answer).toMatchObject({ status: 202, recorded: false })
        expect(bodyOf(answer)).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
        expect(bodyOf(await lookUpMutation(database, { caller: ANA, key: call.key as never }))).toMatchObject({ state: 'unknown' })
      })

      test('waits 20 seconds, a minute and five minutes after the attempt', async () => {
        const { id } = await indeterminate()
        const waits = []
        for (let listing = 1; listing <= 3; listing += 1) {
          const [row] = await database.query<{ s: number }>(
            `select extract(epoch from due_at - attempted_at)::int as s from sync.sms_dispatch where sms_id = $1`,
            [id],
          )
          waits.push(row?.s)
          await outbox.listingFoundNothing(await listed(id))
        }
        expect(waits).toEqual([20, 60, 300])
      })

      test('does not skip a listing when the one who does it dies', async () => {
        const { id } = await indeterminate()
        expect(await listed(id)).toMatchObject({ listing: 1 })
        expect(await listed(id)).toMatchObject({ listing: 1 })
      })

      test('is ended by a listing that finds the message', async () => {
        const { id, call } = await indeterminate()
        expect(await outbox.markAccepted(await listed(id), { sid: `SM-${id}` })).toBe(true)
        expect(await outbox.isSidClaimed(`SM-${id}`)).toBe(true)
        expect(await findAnswer(database, call)).toMatchObject({ status: 200 })
      })

      test('allows one more send after the last listing, and no other', async () => {
        const { id } = await indeterminate()
        expect(await outbox.allowResend(await listed(id))).toBe(false)
        for (const _ of [1, 2]) await outbox.listingFoundNothing(await listed(id))
        expect(await outbox.allowResend(await listed(id))).toBe(true)

        const again = await outbox.claimOne(id, LEASE)
        expect(again).toMatchObject({ attempt: 2 })
        await outbox.markIndeterminate(again as ClaimedSms, { reason: 'timeout' })
        for (const _ of [1, 2]) await outbox.listingFoundNothing(await listed(id))
        expect(await outbox.allowResend(await listed(id))).toBe(false)
      })

      test('allows no other send after the deadline', async () => {
        const { id } = await indeterminate()
        for (const _ of [1, 2]) await outbox.listingFoundNothing(await listed(id))
        await database.write('update sync.sms_dispatch set deadline_at = now() where sms_id = $1', [id])
        expect(await outbox.allowResend(await listed(id))).toBe(false)
      })
    })

    describe('a status callback', () => {
      const report = (
        sms: { id: string },
        status: string,
        fields: Partial<{ attempt: number; sid: string; errorCode: number | null }> = {},
      ) => outbox.applyStatus({ id: sms.id, attempt: 1, sid: `SM-${sms.id}`, status, errorCode: null, ...fields })

      test('moves the status forward only, through the row', async () => {
        const sms = await claimed()
        await outbox.markAccepted(sms.lease, { sid: `SM-${sms.id}` })
        expect(await report(sms, 'queued')).toBe('ignored')
        expect(await report(sms, 'sent')).toBe('applied')
        const version = await versionOf(database, 'sms_messages', sms.id)
        expect(await report(sms, 'sent')).toBe('ignored')
        expect(await report(sms, 'delivered')).toBe('applied')
        expect(await report(sms, 'sent')).toBe('ignored')
        expect(await report(sms, 'undelivered', { errorCode: 30003 })).toBe('ignored')
        expect(await report(sms, 'a status of tomorrow')).toBe('ignored')
        expect(await rowOf(sms.id)).toMatchObject({ status: 'delivered', version: version + 1 })
      })

      test('may come before the answer of the call it belongs to', async () => {
        const sms = await claimed()
        expect(await report(sms, 'sent')).toBe('applied')
        expect(await outbox.markAccepted(sms.lease, { sid: `SM-${sms.id}` })).toBe(true)
        expect(await rowOf(sms.id)).toMatchObject({ status: 'sent' })
      })

      test('recovers the sid of an unknown outcome', async () => {
        const sms = await indeterminate()
        expect(await report(sms, 'queued')).toBe('applied')
        expect(await rowOf(sms.id)).toMatchObject({ state: 'accepted', status: 'pending' })
        expect(await outbox.isSidClaimed(`SM-${sms.id}`)).toBe(true)
        await makeDue(sms.id)
        expect(await outbox.claimIndeterminate({ ...LEASE, limit: 10 })).toEqual([])
      })

      test('keeps the carrier error of a message that did not arrive', async () => {
        const sms = await claimed()
        await outbox.markAccepted(sms.lease, { sid: `SM-${sms.id}` })
        expect(await report(sms, 'undelivered', { errorCode: 30003 })).toBe('applied')
        expect(await rowOf(sms.id)).toMatchObject({ status: 'undelivered', error_code: 30003 })
        expect(await findAnswer(database, sms.call)).toMatchObject({ status: 200 })
      })

      test('raises an alert when a second sid turns up for one message', async () => {
        const sms = await claimed()
        await outbox.markAccepted(sms.lease, { sid: `SM-${sms.id}` })
        expect(await report(sms, 'delivered', { sid: `SM-second-${sms.id}` })).toBe('second-sid')
        expect(await outbox.isSidClaimed(`SM-second-${sms.id}`)).toBe(true)
        expect(await rowOf(sms.id)).toMatchObject({ state: 'accepted' })
      })

      test('raises an alert when the first attempt turns out sent while the second is under way', async () => {
        const sms = await indeterminate()
        for (const _ of [1, 2]) await outbox.listingFoundNothing(await listed(sms.id))
        await outbox.allowResend(await listed(sms.id))
        const second = (await outbox.claimOne(sms.id, LEASE)) as ClaimedSms
        expect(await report(sms, 'sent', { attempt: 1 })).toBe('second-sid')
        expect(await outbox.markAccepted(second, { sid: `SM-second-${sms.id}` })).toBe(false)
        expect(await outbox.isSidClaimed(`SM-second-${sms.id}`)).toBe(true)
      })

      test('of an unknown message is told apart', async () => {
        expect(await report({ id: 'sms-nowhere' }, 'sent')).toBe('unknown')
      })
    })

    describe('a resolve', () => {
      const resolve = async (key: ActionCall['key']) =>
        bodyOf(await resolveMutation(database, { caller: ANA, key: key as never, ageMs: 5, createdAtMs: Date.now() }))

      test('cancels what was not handed over yet', async () => {
        const { id, call } = await taken()
        expect(await resolve(call.key)).toMatchObject({ state: 'abandoned', status: 410 })
        expect(await rowOf(id)).toMatchObject({ state: 'cancelled', status: 'cancelled', updated_by: ANA.actor })
        expect(await outbox.claimOne(id, LEASE)).toBeNull()
        expect(await click(call)).toMatchObject({ status: 410, recorded: true })
        expect(await resolve(call.key)).toMatchObject({ state: 'abandoned' })
      })

      test('cannot take back what is being handed over', async () => {
        const { lease, call, id } = await claimed()
        expect(await resolve(call.key)).toMatchObject({ state: 'pending', status: 202 })
        await outbox.markAccepted(lease, { sid: `SM-${id}` })
        expect(await resolve(call.key)).toMatchObject({ state: 'recorded', status: 200 })
      })
    })
  })
}
