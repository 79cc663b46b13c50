import { beforeEach, describe, expect, test } from '@jest/globals'
import { LIMITS, parse, smsSend } from '@org/contracts'
import type { Database } from '../../../src/engine/database/Database.js'
import { findAnswer } from '../../../src/engine/ledger/findAnswer.js'
import { ANA, anActionCall, EVE } from '../../../src/engine/ledger/testing/anActionCall.js'
import { smsHistory } from '../../../src/modules/sms/smsHistory.js'
import { aStoredLead } from './rows.js'
import { aNumber, bodyOf, LEASE, SmsBench, type SmsRequest, type TakenSms } from './smsBench.js'

/** The same words to the same number of the same lead are one SMS. */
export function smsClicksContract(current: () => Database): void {
  const bench = new SmsBench(current)

  beforeEach(() => bench.clear())

  const historyOf = async ({ call }: TakenSms) => (await smsHistory(bench.database, { caller: ANA, leadId: call.request.leadId })) ?? []

  describe('the same words again', () => {
    test('are the SMS that is on its way, whoever clicked, and are told so', async () => {
      const first = await bench.taken()
      const second = bench.repeatOf(first)
      const answer = await bench.click(second)
      expect(bodyOf(answer)).toMatchObject({ success: true, duplicate: true, sentBy: ANA.actor, sms: { id: first.id, state: 'pending' } })
      expect(answer).toMatchObject({ status: 202, recorded: false, replayed: false, ref: first.id })

      await bench.accept(first)
      const final = await findAnswer(bench.database, second)
      expect(final).toMatchObject({ status: 200, recorded: true })
      expect(parse(smsSend.responseSchema, bodyOf(final))).toMatchObject({ duplicate: true, sentBy: ANA.actor, sms: { id: first.id } })
      expect(bodyOf(await findAnswer(bench.database, first.call))).not.toHaveProperty('duplicate')
      expect(await bench.click(second)).toEqual({ ...final, replayed: true })
      expect(await historyOf(first)).toHaveLength(1)
    })

    test('of an SMS that the carrier has already get their final answer at once', async () => {
      const first = await bench.taken()
      await bench.accept(first)
      const second = bench.repeatOf(first)
      const answer = await bench.click(second)
      expect(answer).toMatchObject({ status: 200, recorded: true, replayed: false })
      expect(await bench.click(second)).toEqual({ ...answer, replayed: true })
    })

    test('of the same person from another device are no second SMS either', async () => {
      const first = await bench.taken()
      expect(bodyOf(await bench.click(bench.repeatOf(first, { caller: ANA })))).toMatchObject({ duplicate: true, sms: { id: first.id } })
    })

    test.each([
      ['undelivered', true],
      ['delivered', true],
      ['failed', false],
    ])('within a minute of an SMS that is %s by then are it: %s', async (status, isIt) => {
      const first = await bench.taken()
      await bench.accept(first)
      await bench.outbox.applyStatus({ id: first.id, attempt: 1, sid: `SM-${first.id}`, status, errorCode: null })
      expect((await bench.click(bench.repeatOf(first))).ref === first.id).toBe(isIt)
    })

    test('are a new SMS once a minute has passed since the first was accepted', async () => {
      const first = await bench.taken()
      await bench.accept(first)
      const accepted = (ago: string) =>
        bench.database.write('update sync.sms_messages set sent_at = now() - $2::interval where id = $1', [first.id, ago])
      await accepted('59 seconds')
      expect((await bench.click(bench.repeatOf(first))).ref).toBe(first.id)
      await accepted('60 seconds')
      const second = await bench.click(bench.repeatOf(first))
      expect(second.ref).not.toBe(first.id)
      expect(bodyOf(second)).not.toHaveProperty('duplicate')
      // From now on it is the second that counts.
      expect((await bench.click(bench.repeatOf(first))).ref).toBe(second.ref)
    })

    test('wait as long as the contracts promise', async () => {
      const [row] = await bench.database.query('select extract(epoch from same_words)::int * 1000 as ms from sync.sms_settings')
      expect(row?.ms).toBe(LIMITS.duplicateSmsWindowMs)
    })

    test('are the SMS that is not accepted yet, however long ago that was', async () => {
      const first = await bench.indeterminate()
      await bench.listedInVain(first.id, 2)
      await bench.endedListing(first.id, { others: true })
      await bench.database.write(`update sync.sms_messages set created_at = now() - interval '2 hours' where id = $1`, [first.id])
      expect(bodyOf(await bench.click(bench.repeatOf(first)))).toMatchObject({
        duplicate: true,
        code: 'OUTCOME_UNKNOWN',
        sms: { id: first.id },
      })
    })

    test('are a new SMS at once after the first has failed, expired or was cancelled', async () => {
      const failed = await bench.claimed()
      await bench.outbox.markFailed(failed.lease, { errorCode: 21614, reason: 'no mobile', optedOut: false })
      const cancelled = await bench.taken()
      await bench.resolve(cancelled.call)
      const expired = await bench.taken({ ttlMs: 4_000, ageMs: 0 })
      await bench.outbox.claimOne(expired.id, LEASE)
      for (const first of [failed, cancelled, expired]) {
        const second = await bench.click(bench.repeatOf(first))
        expect([second.status, second.ref === first.id]).toEqual([202, false])
      }
    })

    test('with other words, to another lead or to a corrected number are another SMS', async () => {
      const first = await bench.taken()
      const { leadId } = first.call.request
      const others = [
        anActionCall<SmsRequest>({ leadId, message: 'Hi Anna!' }),
        anActionCall<SmsRequest>({ leadId: await aStoredLead(bench.database, { phone: first.to }), message: 'Hi Anna' }),
        anActionCall<SmsRequest>(
          { leadId: await aStoredLead(bench.database, { phone: first.to, org: EVE.tenant }), message: 'Hi Anna' },
          { caller: EVE },
        ),
      ]
      for (const other of others) expect(bodyOf(await bench.click(other))).not.toHaveProperty('duplicate')
      await bench.database.write('update public.leads set phone = $1 where id = $2', [aNumber(), leadId])
      const corrected = await bench.click(bench.repeatOf(first))
      expect([corrected.status, corrected.ref === first.id]).toEqual([202, false])
      expect(await historyOf(first)).toHaveLength(3)
    })

    test('that are meant go out, and count from then on', async () => {
      const first = await bench.taken()
      const meant = await bench.click(bench.repeatOf(first, { again: true }))
      expect(bodyOf(meant)).not.toHaveProperty('duplicate')
      expect(await historyOf(first)).toHaveLength(2)
      expect((await bench.click(bench.repeatOf(first))).ref).toBe(meant.ref)
    })

    test('that are meant, of an SMS nobody knows the fate of, go out instead of what would be sent by itself', async () => {
      const first = await bench.indeterminate()
      await bench.click(bench.repeatOf(first, { again: true }))
      await bench.listedInVain(first.id, 2)
      expect(await bench.endedListing(first.id)).toBe('left-to-person')
    })

    test('are rejected as the SMS is, and told whose it was', async () => {
      const first = await bench.claimed()
      const second = bench.repeatOf(first)
      await bench.click(second)
      await bench.outbox.markFailed(first.lease, { errorCode: 21614, reason: 'no mobile', optedOut: false })
      const answer = await findAnswer(bench.database, second)
      expect(answer).toMatchObject({ status: 422, recorded: true })
      expect(bodyOf(answer)).toMatchObject({ code: 'SMS_REJECTED', duplicate: true, sentBy: ANA.actor })
    })

    test('never make an SMS of a click that the ledger forgot', async () => {
      const first = await bench.taken()
      const second = bench.repeatOf(first)
      await bench.click(second)
      await bench.accept(first)
      await bench.database.write(`update sync.sms_messages set sent_at = now() - interval '1 hour' where id = $1`, [first.id])
      await bench.database.write('delete from sync.ledger where key = $1', [second.key])
      expect(bodyOf(await bench.click(second))).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
      expect(await historyOf(first)).toHaveLength(1)
    })
  })

  test('what is kept of equal words goes after the ledger', async () => {
    const first = await bench.taken()
    const count = async () => {
      const [row] = await bench.database.query('select count(*)::int as rows from sync.sms_gates where sms_id = $1', [first.id])
      return row?.rows
    }
    await bench.database.write('select sync.delete_old_sms_gates(1000)')
    expect(await count()).toBe(1)
    await bench.database.write(`update sync.sms_gates set taken_at = now() - interval '32 days' where sms_id = $1`, [first.id])
    await bench.database.write('select sync.delete_old_sms_gates(1000)')
    expect(await count()).toBe(0)
  })
}
