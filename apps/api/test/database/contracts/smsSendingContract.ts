import { beforeEach, describe, expect, test } from '@jest/globals'
import { parse, smsSend } from '@org/contracts'
import type { Database } from '../../../src/engine/database/Database.js'
import type { ActionCall } from '../../../src/engine/ledger/ActionCall.js'
import { findAnswer } from '../../../src/engine/ledger/findAnswer.js'
import { resolveMutation } from '../../../src/engine/ledger/resolveMutation.js'
import { ANA, anActionCall, EVE } from '../../../src/engine/ledger/testing/anActionCall.js'
import type { SmsLease } from '../../../src/modules/sms/SmsOutbox.js'
import { smsHistory } from '../../../src/modules/sms/smsHistory.js'
import { aStoredLead, ledgerRow } from './rows.js'
import { aNumber, bodyOf, LEASE, SmsBench, type SmsRequest } from './smsBench.js'

/** From the click of an SMS to the carrier, and every way not to get there. */
export function smsSendingContract(current: () => Database): void {
  const bench = new SmsBench(current)

  beforeEach(() => bench.clear())

  describe('the click of an SMS', () => {
    test('takes the SMS over: 202 until it is on its way, then the final answer for ever', async () => {
      const { call, answer, id, to } = await bench.taken()
      expect(answer).toMatchObject({ status: 202, recorded: false, replayed: false, retryAfterMs: 1_000 })
      expect(bodyOf(answer)).toMatchObject({
        success: true,
        sms: { id, status: 'pending', state: 'pending', leadId: call.request.leadId },
      })
      expect(await bench.click(call)).toMatchObject({ status: 202, recorded: false, replayed: true, ref: id })

      const lease = await bench.claim(id)
      expect(lease).toMatchObject({ id, tenant: ANA.tenant, to, message: 'Hi Anna', attempt: 1 })
      expect(await findAnswer(bench.database, call)).toMatchObject({ status: 202 })
      expect(await bench.outbox.markAccepted(lease, { sid: `SM-${id}` })).toBe(true)

      const final = await findAnswer(bench.database, call)
      expect(final).toMatchObject({ status: 200, recorded: true })
      const { sms } = parse(smsSend.responseSchema, bodyOf(final))
      expect(sms).toMatchObject({ id, status: 'pending', state: 'accepted', message: 'Hi Anna' })
      expect(sms.sentAt).toBe(sms.sent_at)
      await bench.outbox.applyStatus({ id, attempt: 1, sid: `SM-${id}`, status: 'delivered', errorCode: null })
      expect(await bench.click(call)).toEqual({ ...final, replayed: true })
      expect(await smsHistory(bench.database, { caller: ANA, leadId: call.request.leadId })).toMatchObject([{ id, status: 'delivered' }])
    })

    test('asks the circuit after the ledger and before anything is written', async () => {
      const refusal = { code: 'CIRCUIT_BREAKER_OPEN' as const, retryAfterMs: 30_000 }
      const { call, id } = await bench.taken()
      expect(await bench.click(call, { refusal })).toMatchObject({ status: 202, ref: id })

      const other = anActionCall<SmsRequest>({ leadId: call.request.leadId, message: 'Hello again' })
      const refused = await bench.click(other, { refusal })
      expect(refused).toMatchObject({ status: 503, recorded: false, retryAfterMs: 30_000 })
      expect(bodyOf(refused)).toEqual({
        success: false,
        error: 'SMS service temporarily unavailable',
        code: 'CIRCUIT_BREAKER_OPEN',
        retrying: true,
        retryable: true,
        retryAfterMs: 30_000,
      })
      expect(await ledgerRow(bench.database, other.key)).toBeUndefined()
      expect(await smsHistory(bench.database, { caller: ANA, leadId: call.request.leadId })).toHaveLength(1)
    })

    test.each([
      ['no phone', null],
      ['a phone no SMS can reach', 'extension 7'],
    ])('rejects a lead with %s for good', async (_, phone) => {
      const call = anActionCall<SmsRequest>({ leadId: await aStoredLead(bench.database, { phone }), message: 'Hi' })
      expect(await bench.click(call)).toMatchObject({ status: 422, recorded: true })
      expect(bodyOf(await findAnswer(bench.database, call))).toMatchObject({ code: 'PHONE_INVALID' })
    })

    test('does not know the lead of another organisation, nor its history', async () => {
      const leadId = await aStoredLead(bench.database, { org: EVE.tenant })
      expect(await bench.click(anActionCall<SmsRequest>({ leadId, message: 'Hi' }))).toMatchObject({ status: 404 })
      expect(await smsHistory(bench.database, { caller: ANA, leadId })).toBeNull()
      expect(await smsHistory(bench.database, { caller: EVE, leadId })).toEqual([])
    })

    test('does not send to someone who said STOP', async () => {
      const phone = aNumber()
      await bench.outbox.setOptOut(phone, true)
      const leadId = await aStoredLead(bench.database, { phone })
      const stopped = await bench.click(anActionCall<SmsRequest>({ leadId, message: 'Hi' }))
      expect(stopped).toMatchObject({ status: 422, recorded: true })
      expect(bodyOf(stopped)).toMatchObject({ code: 'OPTED_OUT' })
      await bench.outbox.setOptOut(phone, false)
      expect(await bench.click(anActionCall<SmsRequest>({ leadId, message: 'Hi' }))).toMatchObject({ status: 202 })
    })

    test('sends to the number of the click, even when it is corrected meanwhile', async () => {
      const { id, call, to } = await bench.taken()
      await bench.database.write('update public.leads set phone = $1 where id = $2', ['+14155550199', call.request.leadId])
      expect(await bench.outbox.claimOne(id, LEASE)).toMatchObject({ to })
    })

    test('never makes a second SMS of one click, even when the ledger forgot it', async () => {
      const { call } = await bench.taken()
      await bench.database.write('delete from sync.ledger where key = $1', [call.key])
      expect(bodyOf(await bench.click(call))).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
      expect(await smsHistory(bench.database, { caller: ANA, leadId: call.request.leadId })).toHaveLength(1)
    })
  })

  describe('sending an SMS', () => {
    test('is leased to one dispatcher at a time', async () => {
      const { id } = await bench.taken()
      const claims = await Promise.all(Array.from({ length: 5 }, () => bench.outbox.claimOne(id, LEASE)))
      expect(claims.filter((claim) => claim !== null)).toHaveLength(1)
      expect(await bench.outbox.claimDue({ ...LEASE, limit: 10 })).toEqual([])
      expect(await bench.outbox.stateOf(id)).toBe('sending')
    })

    test('takes the oldest due ones first, as many as asked', async () => {
      const [first, second, third] = [await bench.taken(), await bench.taken(), await bench.taken()]
      const due = await bench.outbox.claimDue({ ...LEASE, limit: 2 })
      expect(due.map(({ id }) => id)).toEqual([first.id, second.id])
      expect((await bench.outbox.claimDue({ ...LEASE, limit: 2 })).map(({ id }) => id)).toEqual([third.id])
    })

    test('tells the carrier how long the message is worth sending', async () => {
      const { lease } = await bench.claimed({ ttlMs: 100_000, ageMs: 40_000 })
      expect(lease.validitySeconds).toBeGreaterThan(50)
      expect(lease.validitySeconds).toBeLessThanOrEqual(60)
    })

    test('does not send what has less than five seconds left', async () => {
      const { id, call } = await bench.taken({ ttlMs: 4_000, ageMs: 0 })
      expect(await bench.outbox.claimOne(id, LEASE)).toBeNull()
      expect(await bench.outbox.stateOf(id)).toBe('expired')
      expect(await findAnswer(bench.database, call)).toMatchObject({ status: 410, recorded: true })
      expect(bodyOf(await findAnswer(bench.database, call))).toMatchObject({ code: 'ACTION_EXPIRED', sms: { status: 'expired' } })
    })

    test('checks for a STOP that came after the click', async () => {
      const { id, to, call } = await bench.taken()
      await bench.outbox.setOptOut(to, true)
      expect(await bench.outbox.claimDue({ ...LEASE, limit: 10 })).toEqual([])
      expect(await bench.rowOf(id)).toMatchObject({ state: 'failed', error_code: 21610 })
      expect(bodyOf(await findAnswer(bench.database, call))).toMatchObject({ code: 'OPTED_OUT' })
    })

    test('answers a rejection of the carrier with its reason, the same for ever', async () => {
      const { lease, call } = await bench.claimed()
      expect(await bench.outbox.markFailed(lease, { errorCode: 21614, reason: 'not a mobile number', optedOut: false })).toBe(true)
      const answer = await findAnswer(bench.database, call)
      expect(answer).toMatchObject({ status: 422, recorded: true })
      expect(bodyOf(answer)).toMatchObject({
        code: 'SMS_REJECTED',
        error: 'The SMS was rejected by the carrier and was not sent: not a mobile number',
        sms: { status: 'failed', error_code: 21614, error_message: 'not a mobile number' },
      })
      expect(await bench.click(call)).toEqual(answer)
    })

    test('remembers an opt-out that the carrier knew first', async () => {
      const { lease, to } = await bench.claimed()
      await bench.outbox.markFailed(lease, { errorCode: 21610, reason: 'unsubscribed', optedOut: true })
      const next = await bench.click(anActionCall<SmsRequest>({ leadId: await aStoredLead(bench.database, { phone: to }), message: 'Hi' }))
      expect(bodyOf(next)).toMatchObject({ code: 'OPTED_OUT' })
    })

    test('goes back to pending when the carrier certainly did not take it, and is due later', async () => {
      const { lease, id } = await bench.claimed()
      expect(await bench.outbox.postpone(lease, { retryAfterMs: 60_000, reason: 'connection refused' })).toBe(true)
      expect(await bench.outbox.stateOf(id)).toBe('pending')
      expect(await bench.outbox.claimOne(id, LEASE)).toBeNull()
      await bench.makeDue(id)
      expect(await bench.outbox.claimOne(id, LEASE)).toMatchObject({ attempt: 2 })
    })

    test('lets nobody without the lease go on', async () => {
      const { lease } = await bench.claimed()
      const stranger: SmsLease = { ...lease, leaseToken: 'someone else' }
      expect(await bench.outbox.markFailed(stranger, { errorCode: 1, reason: 'no', optedOut: false })).toBe(false)
      expect(await bench.outbox.postpone(stranger, { retryAfterMs: 0, reason: 'no' })).toBe(false)
      expect(await bench.outbox.markIndeterminate(stranger, { reason: 'no' })).toBe(false)
      expect(await bench.outbox.endListing(stranger, { others: false })).toBe('lost')
      expect(await bench.outbox.stateOf(lease.id)).toBe('sending')
    })
  })

  describe('a resolve of an SMS', () => {
    const resolve = async (key: ActionCall['key']) =>
      bodyOf(await resolveMutation(bench.database, { caller: ANA, key: key as never, ageMs: 5, createdAtMs: Date.now() }))

    test('cancels what was not handed over yet', async () => {
      const { id, call } = await bench.taken()
      expect(await resolve(call.key)).toMatchObject({ state: 'abandoned', status: 410 })
      expect(await bench.rowOf(id)).toMatchObject({ state: 'cancelled', status: 'cancelled', updated_by: ANA.actor })
      expect(await bench.outbox.claimOne(id, LEASE)).toBeNull()
      expect(await bench.click(call)).toMatchObject({ status: 410, recorded: true })
      expect(await resolve(call.key)).toMatchObject({ state: 'abandoned' })
    })

    test('cannot take back what is being handed over', async () => {
      const { lease, call, id } = await bench.claimed()
      expect(await resolve(call.key)).toMatchObject({ state: 'pending', status: 202 })
      await bench.outbox.markAccepted(lease, { sid: `SM-${id}` })
      expect(await resolve(call.key)).toMatchObject({ state: 'recorded', status: 200 })
    })
  })
}
