import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { LIMITS, parse, smsSend } from '@org/contracts'
import type { Database } from '../../../src/engine/database/Database.js'
import type { ActionCall, Caller } from '../../../src/engine/ledger/ActionCall.js'
import { findAnswer } from '../../../src/engine/ledger/findAnswer.js'
import { resolveMutation } from '../../../src/engine/ledger/resolveMutation.js'
import { ANA, anActionCall, EVE } from '../../../src/engine/ledger/testing/anActionCall.js'
import { smsHistory } from '../../../src/modules/sms/smsHistory.js'
import { aStoredLead } from './rows.js'
import { aNumber, bodyOf, LEASE, SmsBench, type SmsFields, type SmsRequest, type TakenSms } from './smsBench.js'

const BEN: Caller = { tenant: ANA.tenant, actor: 'user-ben' }

/** The same words to the same number of the same lead are one SMS. */
export function smsClicksContract(current: () => Database): void {
  let database: Database
  let bench: SmsBench

  beforeAll(() => {
    database = current()
    bench = new SmsBench(database)
  })

  beforeEach(() => bench.clear())

  /** Another click with the words of an SMS. */
  const repeatOf = ({ call }: Pick<TakenSms, 'call'>, { caller = BEN, again, ...fields }: SmsFields & { again?: boolean } = {}) =>
    anActionCall<SmsRequest>({ ...call.request, ...(again === undefined ? {} : { again }) }, { caller, ...fields })
  const resolve = async ({ caller, key }: ActionCall) =>
    bodyOf(await resolveMutation(database, { caller, key: key as never, ageMs: 5, createdAtMs: Date.now() }))
  const historyOf = async ({ call }: TakenSms) => (await smsHistory(database, { caller: ANA, leadId: call.request.leadId })) ?? []
  const accept = async ({ id }: TakenSms) => bench.outbox.markAccepted(await bench.claim(id), { sid: `SM-${id}` })

  describe('the same words again', () => {
    test('are the SMS that is on its way, whoever clicked, and are told so', async () => {
      const first = await bench.taken()
      const second = repeatOf(first)
      const answer = await bench.click(second)
      expect(bodyOf(answer)).toMatchObject({ success: true, duplicate: true, sentBy: ANA.actor, sms: { id: first.id, state: 'pending' } })
      expect(answer).toMatchObject({ status: 202, recorded: false, replayed: false, ref: first.id })

      await accept(first)
      const final = await findAnswer(database, second)
      expect(final).toMatchObject({ status: 200, recorded: true })
      expect(parse(smsSend.responseSchema, bodyOf(final))).toMatchObject({ duplicate: true, sentBy: ANA.actor, sms: { id: first.id } })
      expect(bodyOf(await findAnswer(database, first.call))).not.toHaveProperty('duplicate')
      expect(await bench.click(second)).toEqual({ ...final, replayed: true })
      expect(await historyOf(first)).toHaveLength(1)
    })

    test('of an SMS that the carrier has already get their final answer at once', async () => {
      const first = await bench.taken()
      await accept(first)
      const second = repeatOf(first)
      const answer = await bench.click(second)
      expect(answer).toMatchObject({ status: 200, recorded: true, replayed: false })
      expect(await bench.click(second)).toEqual({ ...answer, replayed: true })
    })

    test('of the same person from another device are no second SMS either', async () => {
      const first = await bench.taken()
      expect(bodyOf(await bench.click(repeatOf(first, { caller: ANA })))).toMatchObject({ duplicate: true, sms: { id: first.id } })
    })

    test.each([
      ['undelivered', true],
      ['delivered', true],
      ['failed', false],
    ])('within a minute of an SMS that is %s by then are it: %s', async (status, isIt) => {
      const first = await bench.taken()
      await accept(first)
      await bench.outbox.applyStatus({ id: first.id, attempt: 1, sid: `SM-${first.id}`, status, errorCode: null })
      expect((await bench.click(repeatOf(first))).ref === first.id).toBe(isIt)
    })

    test('are a new SMS once a minute has passed since the first was accepted', async () => {
      const first = await bench.taken()
      await accept(first)
      const accepted = (ago: string) =>
        database.write('update sync.sms_messages set sent_at = now() - $2::interval where id = $1', [first.id, ago])
      await accepted('59 seconds')
      expect((await bench.click(repeatOf(first))).ref).toBe(first.id)
      await accepted('60 seconds')
      const second = await bench.click(repeatOf(first))
      expect(second.ref).not.toBe(first.id)
      expect(bodyOf(second)).not.toHaveProperty('duplicate')
      // From now on it is the second that counts.
      expect((await bench.click(repeatOf(first))).ref).toBe(second.ref)
    })

    test('wait as long as the contracts promise', async () => {
      const [row] = await database.query('select extract(epoch from same_words)::int * 1000 as ms from sync.sms_settings')
      expect(row?.ms).toBe(LIMITS.duplicateSmsWindowMs)
    })

    test('are the SMS that is not accepted yet, however long ago that was', async () => {
      const first = await bench.indeterminate()
      await bench.listedInVain(first.id, 2)
      await bench.endedListing(first.id, { others: true })
      await database.write(`update sync.sms_messages set created_at = now() - interval '2 hours' where id = $1`, [first.id])
      expect(bodyOf(await bench.click(repeatOf(first)))).toMatchObject({ duplicate: true, code: 'OUTCOME_UNKNOWN', sms: { id: first.id } })
    })

    test('are a new SMS at once after the first has failed, expired or was cancelled', async () => {
      const failed = await bench.claimed()
      await bench.outbox.markFailed(failed.lease, { errorCode: 21614, reason: 'no mobile', optedOut: false })
      const cancelled = await bench.taken()
      await resolve(cancelled.call)
      const expired = await bench.taken({ ttlMs: 4_000, ageMs: 0 })
      await bench.outbox.claimOne(expired.id, LEASE)
      for (const first of [failed, cancelled, expired]) {
        const second = await bench.click(repeatOf(first))
        expect([second.status, second.ref === first.id]).toEqual([202, false])
      }
    })

    test('with other words, to another lead or to a corrected number are another SMS', async () => {
      const first = await bench.taken()
      const { leadId } = first.call.request
      const others = [
        anActionCall<SmsRequest>({ leadId, message: 'Hi Anna!' }),
        anActionCall<SmsRequest>({ leadId: await aStoredLead(database, { phone: first.to }), message: 'Hi Anna' }),
        anActionCall<SmsRequest>(
          { leadId: await aStoredLead(database, { phone: first.to, org: EVE.tenant }), message: 'Hi Anna' },
          { caller: EVE },
        ),
      ]
      for (const other of others) expect(bodyOf(await bench.click(other))).not.toHaveProperty('duplicate')
      await database.write('update public.leads set phone = $1 where id = $2', [aNumber(), leadId])
      const corrected = await bench.click(repeatOf(first))
      expect([corrected.status, corrected.ref === first.id]).toEqual([202, false])
      expect(await historyOf(first)).toHaveLength(3)
    })

    test('that are meant go out, and count from then on', async () => {
      const first = await bench.taken()
      const meant = await bench.click(repeatOf(first, { again: true }))
      expect(bodyOf(meant)).not.toHaveProperty('duplicate')
      expect(await historyOf(first)).toHaveLength(2)
      expect((await bench.click(repeatOf(first))).ref).toBe(meant.ref)
    })

    test('that are meant, of an SMS nobody knows the fate of, go out instead of what would be sent by itself', async () => {
      const first = await bench.indeterminate()
      await bench.click(repeatOf(first, { again: true }))
      await bench.listedInVain(first.id, 2)
      expect(await bench.endedListing(first.id)).toBe('left-to-person')
    })

    test('are rejected as the SMS is, and told whose it was', async () => {
      const first = await bench.claimed()
      const second = repeatOf(first)
      await bench.click(second)
      await bench.outbox.markFailed(first.lease, { errorCode: 21614, reason: 'no mobile', optedOut: false })
      const answer = await findAnswer(database, second)
      expect(answer).toMatchObject({ status: 422, recorded: true })
      expect(bodyOf(answer)).toMatchObject({ code: 'SMS_REJECTED', duplicate: true, sentBy: ANA.actor })
    })

    test('never make an SMS of a click that the ledger forgot', async () => {
      const first = await bench.taken()
      const second = repeatOf(first)
      await bench.click(second)
      await accept(first)
      await database.write(`update sync.sms_messages set sent_at = now() - interval '1 hour' where id = $1`, [first.id])
      await database.write('delete from sync.ledger where key = $1', [second.key])
      expect(bodyOf(await bench.click(second))).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
      expect(await historyOf(first)).toHaveLength(1)
    })
  })

  describe('a resolve of one of two clicks with the same words', () => {
    test('withdraws that one alone, and the SMS is cancelled with the last of them', async () => {
      const first = await bench.taken()
      const second = repeatOf(first)
      await bench.click(second)
      expect(await resolve(first.call)).toMatchObject({ state: 'abandoned', status: 410 })
      expect(await bench.rowOf(first.id)).toMatchObject({ state: 'pending' })
      expect(await findAnswer(database, second)).toMatchObject({ status: 202 })
      expect(await bench.click(first.call)).toMatchObject({ status: 410, recorded: true })

      expect(await resolve(second)).toMatchObject({ state: 'abandoned', status: 410 })
      expect(await bench.rowOf(first.id)).toMatchObject({ state: 'cancelled', updated_by: BEN.actor })
      expect(await bench.outbox.claimOne(first.id, LEASE)).toBeNull()
    })

    test('leaves the other one its SMS and its answer', async () => {
      const first = await bench.taken()
      const second = repeatOf(first)
      await bench.click(second)
      await resolve(second)
      await accept(first)
      expect(await findAnswer(database, first.call)).toMatchObject({ status: 200 })
      expect(await findAnswer(database, second)).toMatchObject({ status: 410, recorded: true })
    })

    test('leaves it until the deadline of who still wants it', async () => {
      const secondsLeft = async (id: string) => {
        const [row] = await database.query<{ s: number }>(
          'select round(extract(epoch from deadline_at - now()) / 60)::int as s from sync.sms_dispatch where sms_id = $1',
          [id],
        )
        return row?.s
      }
      const first = await bench.taken({ ttlMs: 10 * 60_000, ageMs: 0 })
      const [later, earlier] = [repeatOf(first, { ttlMs: 60 * 60_000, ageMs: 0 }), repeatOf(first, { ttlMs: 5 * 60_000, ageMs: 0 })]
      await bench.click(later)
      await bench.click(earlier)
      expect(await secondsLeft(first.id)).toBe(60)
      await resolve(later)
      expect(await secondsLeft(first.id)).toBe(10)
      await resolve(first.call)
      expect(await secondsLeft(first.id)).toBe(5)
    })
  })

  describe('a resolve of an SMS that is being handed over', () => {
    test('tells that it may still go out, and then where it went', async () => {
      const { lease, call } = await bench.claimed()
      expect(await resolve(call)).toMatchObject({ state: 'pending', status: 202 })
      await bench.outbox.markAccepted(lease, { sid: `SM-${lease.id}` })
      expect(await resolve(call)).toMatchObject({ state: 'recorded', status: 200 })
    })

    test('cancels it when the carrier did not take it', async () => {
      const { lease, call, id } = await bench.claimed()
      await resolve(call)
      await bench.outbox.postpone(lease, { retryAfterMs: 0, reason: 'ECONNREFUSED' })
      expect(await bench.outbox.stateOf(id)).toBe('cancelled')
      expect(await bench.outbox.claimOne(id, LEASE)).toBeNull()
      expect(await findAnswer(database, call)).toMatchObject({ status: 410, recorded: true })
    })

    test('cancels it when its fate was unknown and the carrier turns out not to have it', async () => {
      const { call, id } = await bench.indeterminate()
      expect(await resolve(call)).toMatchObject({ state: 'pending', status: 202 })
      await bench.listedInVain(id, 2)
      expect(await bench.endedListing(id)).toBe('cancelled')
      expect(await findAnswer(database, call)).toMatchObject({ status: 410, recorded: true })
    })

    test('does not say so while a message that may be it is there', async () => {
      const { call, id } = await bench.indeterminate()
      await resolve(call)
      await bench.listedInVain(id, 2)
      expect(await bench.endedListing(id, { others: true })).toBe('left-to-person')
      expect(await findAnswer(database, call)).toMatchObject({ status: 202 })
      await bench.outbox.applyStatus({ id, attempt: 1, sid: `SM-${id}`, status: 'delivered', errorCode: null })
      expect(await findAnswer(database, call)).toMatchObject({ status: 200, recorded: true })
    })

    test('sends it once more for who still wants it, and calls it withdrawn for who does not', async () => {
      const first = await bench.indeterminate()
      const second = repeatOf(first)
      await bench.click(second)
      await resolve(first.call)
      await bench.listedInVain(first.id, 2)
      expect(await bench.endedListing(first.id)).toBe('send-once-more')
      expect(await findAnswer(database, first.call)).toMatchObject({ status: 410, recorded: true })
      await accept(first)
      expect(await findAnswer(database, second)).toMatchObject({ status: 200 })
    })
  })

  test('what is kept of equal words goes after the ledger', async () => {
    const first = await bench.taken()
    const count = async () => {
      const [row] = await database.query('select count(*)::int as rows from sync.sms_gates where sms_id = $1', [first.id])
      return row?.rows
    }
    await database.write('select sync.delete_old_sms_gates(1000)')
    expect(await count()).toBe(1)
    await database.write(`update sync.sms_gates set taken_at = now() - interval '32 days' where sms_id = $1`, [first.id])
    await database.write('select sync.delete_old_sms_gates(1000)')
    expect(await count()).toBe(0)
  })
}
