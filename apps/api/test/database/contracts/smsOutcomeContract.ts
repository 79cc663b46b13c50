import { beforeEach, describe, expect, test } from '@jest/globals'

import type { Database } from '../../../src/engine/database/Database.js'
import { findAnswer } from '../../../src/engine/ledger/findAnswer.js'
import { lookUpMutation } from '../../../src/engine/ledger/lookUpMutation.js'
import { ANA } from '../../../src/engine/ledger/testing/anActionCall.js'
import { versionOf } from './rows.js'
import { bodyOf, LEASE, SmsBench } from './smsBench.js'

/** What becomes of an SMS once the carrier may have it. */
export function smsOutcomeContract(current: () => Database): void {
  const bench = new SmsBench(current)

  beforeEach(() => bench.clear())

  describe('an unknown outcome of an SMS', () => {
    test('is what a dispatcher that died while sending leaves behind', async () => {
      const { id, call } = await bench.claimed()
      expect(await bench.outbox.expireLeases()).toBe(0)
      await bench.makeDue(id)
      expect(await bench.outbox.expireLeases()).toBe(1)
      expect(await bench.outbox.stateOf(id)).toBe('indeterminate')
      expect(await findAnswer(bench.database, call)).toMatchObject({ status: 202, recorded: false })
    })

    test('is ended by the answer that arrives after all', async () => {
      const { id, lease, call } = await bench.claimed()
      await bench.makeDue(id)
      await bench.outbox.expireLeases()
      expect(await bench.outbox.markAccepted(lease, { sid: `SM-${id}` })).toBe(true)
      expect(await findAnswer(bench.database, call)).toMatchObject({ status: 200, recorded: true })
    })

    test('is looked up in the list of the carrier three times, then left to a person', async () => {
      const { id, call } = await bench.indeterminate()
      expect(await bench.outbox.claimIndeterminate({ ...LEASE, limit: 10 })).toEqual([])
      for (const listing of [1, 2, 3]) {
        const lease = await bench.listed(id)
        expect(lease).toMatchObject({ id, listing, attempt: 1, attemptedAt: expect.any(Date) })
        expect(bodyOf(await findAnswer(bench.database, call))).not.toHaveProperty('code')
        expect(await bench.outbox.endListing(lease, { others: true })).toBe(listing < 3 ? 'nothing-yet' : 'left-to-person')
      }
      const answer = await findAnswer(bench.database, call)
      expect(answer).toMatchObject({ status: 202, recorded: false })
      expect(bodyOf(answer)).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
      expect(bodyOf(await lookUpMutation(bench.database, { caller: ANA, key: call.key as never }))).toMatchObject({ state: 'unknown' })
    })

    test('waits 20 seconds, a minute and five minutes after the attempt', async () => {
      const { id } = await bench.indeterminate()
      const waits = []
      for (let listing = 1; listing <= 3; listing += 1) {
        const [row] = await bench.database.query<{ s: number }>(
          `select extract(epoch from due_at - attempted_at)::int as s from sync.sms_dispatch where sms_id = $1`,
          [id],
        )
        waits.push(row?.s)
        await bench.outbox.endListing(await bench.listed(id), { others: true })
      }
      expect(waits).toEqual([20, 60, 300])
    })

    test('is asked about ever more rarely, at the latest when a listing is due', async () => {
      const { id, call } = await bench.indeterminate()
      const attempted = (ago: string, due: string) =>
        bench.database.write(
          'update sync.sms_dispatch set attempted_at = now() - $2::interval, due_at = now() + $3::interval, created_at = now() - $2::interval where sms_id = $1',
          [id, ago, due],
        )
      const hint = async () => {
        const answer = await findAnswer(bench.database, call)
        expect(bodyOf(answer).retryAfterMs).toBe(answer?.retryAfterMs)
        return Math.round((answer?.retryAfterMs ?? 0) / 1_000)
      }
      expect(await hint()).toBe(1)
      await attempted('10 seconds', '10 seconds')
      expect(await hint()).toBe(5)
      await attempted('18 seconds', '2 seconds')
      expect(await hint()).toBe(2)
      await attempted('3 minutes', '2 minutes')
      expect(await hint()).toBe(30)
      await bench.database.write('update sync.sms_dispatch set due_at = null where sms_id = $1', [id])
      expect(await hint()).toBe(300)
    })

    test('does not skip a listing when the one who does it dies', async () => {
      const { id } = await bench.indeterminate()
      expect(await bench.listed(id)).toMatchObject({ listing: 1 })
      expect(await bench.listed(id)).toMatchObject({ listing: 1 })
    })

    test('is ended by a listing that finds the message', async () => {
      const { id, call } = await bench.indeterminate()
      expect(await bench.outbox.takeListed(await bench.listed(id), { sid: `SM-${id}`, status: 'sent', errorCode: null })).toBe('applied')
      expect(await bench.isClaimed(`SM-${id}`)).toBe(true)
      expect(await bench.rowOf(id)).toMatchObject({ state: 'sent', error_code: null })
      expect(await findAnswer(bench.database, call)).toMatchObject({ status: 200 })
    })

    test.each([
      ['undelivered', 30003, 'undelivered', 200],
      ['failed', 30001, 'failed', 422],
      ['queued', null, 'accepted', 200],
      ['a status of tomorrow', null, 'accepted', 200],
    ])('is ended as the list says: %s, error %s', async (status, errorCode, state, answered) => {
      const { id, call } = await bench.indeterminate()
      await bench.outbox.takeListed(await bench.listed(id), { sid: `SM-${id}`, status, errorCode })
      expect(await bench.rowOf(id)).toMatchObject({ state, error_code: errorCode })
      expect(await findAnswer(bench.database, call)).toMatchObject({ status: answered, recorded: true })
    })

    test('keeps what a callback said meanwhile when an older list comes in', async () => {
      const { id } = await bench.indeterminate()
      const lease = await bench.listed(id)
      await bench.outbox.applyStatus({ id, attempt: 1, sid: `SM-${id}`, status: 'delivered', errorCode: null })
      expect(await bench.outbox.takeListed(lease, { sid: `SM-${id}`, status: 'sent', errorCode: null })).toBe('ignored')
      expect(await bench.outbox.takeListed(lease, { sid: `SM-second-${id}`, status: 'sent', errorCode: null })).toBe('second-sid')
      expect(await bench.rowOf(id)).toMatchObject({ state: 'delivered' })
    })

    test('goes out once more after the last listing, and never again', async () => {
      const { id, call } = await bench.indeterminate()
      await bench.listedInVain(id, 2)
      expect(await bench.endedListing(id)).toBe('send-once-more')

      const again = await bench.claim(id)
      expect(again).toMatchObject({ attempt: 2 })
      await bench.outbox.markIndeterminate(again, { reason: 'timeout' })
      await bench.listedInVain(id, 2)
      expect(await bench.endedListing(id)).toBe('left-to-person')
      expect(await bench.isDue(id)).toBe(false)
      expect(bodyOf(await findAnswer(bench.database, call))).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    })

    test('goes out no more after the deadline', async () => {
      const { id } = await bench.indeterminate()
      await bench.listedInVain(id, 2)
      await bench.database.write('update sync.sms_dispatch set deadline_at = now() where sms_id = $1', [id])
      expect(await bench.endedListing(id)).toBe('left-to-person')
      expect(await bench.isDue(id)).toBe(false)
    })

    test('is looked at again while an unclaimed message may turn out to be somebody else’s', async () => {
      const { id, call } = await bench.indeterminate()
      await bench.listedInVain(id, 2)
      expect(await bench.endedListing(id, { others: true })).toBe('left-to-person')
      expect(bodyOf(await findAnswer(bench.database, call))).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
      expect(await bench.endedListing(id, { others: true })).toBe('left-to-person')
      expect(await bench.endedListing(id)).toBe('send-once-more')
      expect(await bench.outbox.claimOne(id, LEASE)).toMatchObject({ attempt: 2 })
    })

    test('is looked at ever more rarely then, and no more once it could not be sent any more', async () => {
      const { id } = await bench.indeterminate()
      await bench.listedInVain(id, 2)
      const attempted = (ago: string, left: string) =>
        bench.database.write(
          'update sync.sms_dispatch set attempted_at = now() - $2::interval, deadline_at = now() + $3::interval where sms_id = $1',
          [id, ago, left],
        )
      await attempted('10 minutes', '1 hour')
      await bench.endedListing(id, { others: true })
      expect(await bench.dueInSeconds(id)).toBe(300)
      await attempted('40 minutes', '10 minutes')
      await bench.endedListing(id, { others: true })
      expect(await bench.isDue(id)).toBe(false)
    })

    test('is not taken for a message of another click to its number, whose fate is not known either', async () => {
      const [first, second] = [await bench.indeterminate({ message: 'Hi Anna' }), await bench.indeterminate({ message: 'Hello Ben' })]
      await bench.database.write('update sync.sms_dispatch set to_number = $1 where sms_id = $2', [first.to, second.id])
      const isAnothers = (sms: { id: string }, body: string) => bench.outbox.isAnothers({ id: sms.id, to: first.to }, { sid: 'SM-x', body })
      expect(await isAnothers(first, 'Hello Ben')).toBe(true)
      expect(await isAnothers(second, 'Hello Ben')).toBe(false)
      // As a trial account changes it.
      expect(await isAnothers(first, 'Sent from your trial account - Hello Ben')).toBe(false)
      await bench.outbox.takeListed(await bench.listed(second.id), { sid: `SM-${second.id}`, status: 'sent', errorCode: null })
      expect(await isAnothers(first, 'Hello Ben')).toBe(false)
    })
  })

  describe('a status callback of an SMS', () => {
    const report = (
      sms: { id: string },
      status: string,
      fields: Partial<{ attempt: number; sid: string; errorCode: number | null }> = {},
    ) => bench.outbox.applyStatus({ id: sms.id, attempt: 1, sid: `SM-${sms.id}`, status, errorCode: null, ...fields })

    test('moves the status forward only, through the row', async () => {
      const sms = await bench.claimed()
      await bench.outbox.markAccepted(sms.lease, { sid: `SM-${sms.id}` })
      expect(await report(sms, 'queued')).toBe('ignored')
      expect(await report(sms, 'sent')).toBe('applied')
      const version = await versionOf(bench.database, 'sms_messages', sms.id)
      expect(await report(sms, 'sent')).toBe('ignored')
      expect(await report(sms, 'delivered')).toBe('applied')
      expect(await report(sms, 'sent')).toBe('ignored')
      expect(await report(sms, 'undelivered', { errorCode: 30003 })).toBe('ignored')
      expect(await report(sms, 'a status of tomorrow')).toBe('ignored')
      expect(await bench.rowOf(sms.id)).toMatchObject({ status: 'delivered', version: version + 1 })
    })

    test('may come before the answer of the call it belongs to', async () => {
      const sms = await bench.claimed()
      expect(await report(sms, 'sent')).toBe('applied')
      expect(await bench.outbox.markAccepted(sms.lease, { sid: `SM-${sms.id}` })).toBe(true)
      expect(await bench.rowOf(sms.id)).toMatchObject({ status: 'sent' })
    })

    test('recovers the sid of an unknown outcome', async () => {
      const sms = await bench.indeterminate()
      expect(await report(sms, 'queued')).toBe('applied')
      expect(await bench.rowOf(sms.id)).toMatchObject({ state: 'accepted', status: 'pending' })
      expect(await bench.isClaimed(`SM-${sms.id}`)).toBe(true)
      await bench.makeDue(sms.id)
      expect(await bench.outbox.claimIndeterminate({ ...LEASE, limit: 10 })).toEqual([])
    })

    test('keeps the carrier error of a message that did not arrive', async () => {
      const sms = await bench.claimed()
      await bench.outbox.markAccepted(sms.lease, { sid: `SM-${sms.id}` })
      expect(await report(sms, 'undelivered', { errorCode: 30003 })).toBe('applied')
      expect(await bench.rowOf(sms.id)).toMatchObject({ status: 'undelivered', error_code: 30003 })
      expect(await findAnswer(bench.database, sms.call)).toMatchObject({ status: 200 })
    })

    test('raises an alert when a second sid turns up for one message', async () => {
      const sms = await bench.claimed()
      await bench.outbox.markAccepted(sms.lease, { sid: `SM-${sms.id}` })
      expect(await report(sms, 'delivered', { sid: `SM-second-${sms.id}` })).toBe('second-sid')
      expect(await bench.isClaimed(`SM-second-${sms.id}`)).toBe(true)
      expect(await bench.rowOf(sms.id)).toMatchObject({ state: 'accepted' })
    })

    test('raises an alert when the first attempt turns out sent while the second is under way', async () => {
      const sms = await bench.indeterminate()
      await bench.listedInVain(sms.id, 2)
      await bench.endedListing(sms.id)
      const second = await bench.claim(sms.id)
      expect(await report(sms, 'sent', { attempt: 1 })).toBe('second-sid')
      expect(await bench.outbox.markAccepted(second, { sid: `SM-second-${sms.id}` })).toBe(false)
      expect(await bench.isClaimed(`SM-second-${sms.id}`)).toBe(true)
    })

    test('is about the message that has its sid, where a listing gave it to the same words of another click', async () => {
      const [first, second] = [await bench.indeterminate(), await bench.indeterminate()]
      await bench.outbox.takeListed(await bench.listed(first.id), { sid: 'SM-same-words', status: 'sent', errorCode: null })
      expect(await report(second, 'delivered', { sid: 'SM-same-words' })).toBe('applied')
      expect([await bench.outbox.stateOf(first.id), await bench.outbox.stateOf(second.id)]).toEqual(['delivered', 'indeterminate'])
      expect(await bench.outbox.markAccepted({ id: second.id, attempt: 1, leaseToken: '' }, { sid: 'SM-same-words' })).toBe(false)
    })

    test('of an unknown message is told apart', async () => {
      expect(await report({ id: 'sms-nowhere' }, 'sent')).toBe('unknown')
    })
  })
}
