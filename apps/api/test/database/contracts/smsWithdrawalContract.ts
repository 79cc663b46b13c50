import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Database } from '../../../src/engine/database/Database.js'
import { findAnswer } from '../../../src/engine/ledger/findAnswer.js'
import { BEN, LEASE, SmsBench } from './smsBench.js'

/** Taking a click of an SMS back, alone and where others want the same. */
export function smsWithdrawalContract(current: () => Database): void {
  const bench = new SmsBench(current)

  beforeEach(() => bench.clear())

  describe('a resolve of one of two clicks with the same words', () => {
    test('withdraws that one alone, and the SMS is cancelled with the last of them', async () => {
      const first = await bench.taken()
      const second = bench.repeatOf(first)
      await bench.click(second)
      expect(await bench.resolve(first.call)).toMatchObject({ state: 'abandoned', status: 410 })
      expect(await bench.rowOf(first.id)).toMatchObject({ state: 'pending' })
      expect(await findAnswer(bench.database, second)).toMatchObject({ status: 202 })
      expect(await bench.click(first.call)).toMatchObject({ status: 410, recorded: true })

      expect(await bench.resolve(second)).toMatchObject({ state: 'abandoned', status: 410 })
      expect(await bench.rowOf(first.id)).toMatchObject({ state: 'cancelled', updated_by: BEN.actor })
      expect(await bench.outbox.claimOne(first.id, LEASE)).toBeNull()
    })

    test('leaves the other one its SMS and its answer', async () => {
      const first = await bench.taken()
      const second = bench.repeatOf(first)
      await bench.click(second)
      await bench.resolve(second)
      await bench.accept(first)
      expect(await findAnswer(bench.database, first.call)).toMatchObject({ status: 200 })
      expect(await findAnswer(bench.database, second)).toMatchObject({ status: 410, recorded: true })
    })

    test('leaves it until the deadline of who still wants it', async () => {
      const secondsLeft = async (id: string) => {
        const [row] = await bench.database.query<{ s: number }>(
          'select round(extract(epoch from deadline_at - now()) / 60)::int as s from sync.sms_dispatch where sms_id = $1',
          [id],
        )
        return row?.s
      }
      const first = await bench.taken({ ttlMs: 10 * 60_000, ageMs: 0 })
      const [later, earlier] = [
        bench.repeatOf(first, { ttlMs: 60 * 60_000, ageMs: 0 }),
        bench.repeatOf(first, { ttlMs: 5 * 60_000, ageMs: 0 }),
      ]
      await bench.click(later)
      await bench.click(earlier)
      expect(await secondsLeft(first.id)).toBe(60)
      await bench.resolve(later)
      expect(await secondsLeft(first.id)).toBe(10)
      await bench.resolve(first.call)
      expect(await secondsLeft(first.id)).toBe(5)
    })
  })

  describe('a resolve of an SMS that is being handed over', () => {
    test('tells that it may still go out, and then where it went', async () => {
      const { lease, call } = await bench.claimed()
      expect(await bench.resolve(call)).toMatchObject({ state: 'pending', status: 202 })
      await bench.outbox.markAccepted(lease, { sid: `SM-${lease.id}` })
      expect(await bench.resolve(call)).toMatchObject({ state: 'recorded', status: 200 })
    })

    test('cancels it when the carrier did not take it', async () => {
      const { lease, call, id } = await bench.claimed()
      await bench.resolve(call)
      await bench.outbox.postpone(lease, { retryAfterMs: 0, reason: 'ECONNREFUSED' })
      expect(await bench.outbox.stateOf(id)).toBe('cancelled')
      expect(await bench.outbox.claimOne(id, LEASE)).toBeNull()
      expect(await findAnswer(bench.database, call)).toMatchObject({ status: 410, recorded: true })
    })

    test('cancels it when its fate was unknown and the carrier turns out not to have it', async () => {
      const { call, id } = await bench.indeterminate()
      expect(await bench.resolve(call)).toMatchObject({ state: 'pending', status: 202 })
      await bench.listedInVain(id, 2)
      expect(await bench.endedListing(id)).toBe('cancelled')
      expect(await findAnswer(bench.database, call)).toMatchObject({ status: 410, recorded: true })
    })

    test('does not say so while a message that may be it is there', async () => {
      const { call, id } = await bench.indeterminate()
      await bench.resolve(call)
      await bench.listedInVain(id, 2)
      expect(await bench.endedListing(id, { others: true })).toBe('left-to-person')
      expect(await findAnswer(bench.database, call)).toMatchObject({ status: 202 })
      await bench.outbox.applyStatus({ id, attempt: 1, sid: `SM-${id}`, status: 'delivered', errorCode: null })
      expect(await findAnswer(bench.database, call)).toMatchObject({ status: 200, recorded: true })
    })

    test('sends it once more for who still wants it, and calls it withdrawn for who does not', async () => {
      const first = await bench.indeterminate()
      const second = bench.repeatOf(first)
      await bench.click(second)
      await bench.resolve(first.call)
      await bench.listedInVain(first.id, 2)
      expect(await bench.endedListing(first.id)).toBe('send-once-more')
      expect(await findAnswer(bench.database, first.call)).toMatchObject({ status: 410, recorded: true })
      await bench.accept(first)
      expect(await findAnswer(bench.database, second)).toMatchObject({ status: 200 })
    })
  })
}
