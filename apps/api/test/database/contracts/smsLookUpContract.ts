import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Database } from '../../../src/engine/database/Database.js'
import { bodyOf, LEASE, SmsBench, type TakenSms } from './smsBench.js'

/** What the carrier took and nobody has told the end of. */
export function smsLookUpContract(current: () => Database): void {
  const bench = new SmsBench(current)

  beforeEach(async () => {
    await bench.clear()
    await bench.database.write('update sync.sms_dispatch set ask_at = null')
  })

  async function accepted(): Promise<TakenSms & { sid: string }> {
    const sms = await bench.claimed()
    const sid = `SM-${sms.id}`
    await bench.outbox.markAccepted(sms.lease, { sid })
    return { ...sms, sid }
  }

  const due = (limit = 10) => bench.outbox.claimUnreported({ ...LEASE, limit })
  const makeDue = (id: string, ago = '1 second') =>
    bench.database.write('update sync.sms_dispatch set ask_at = now() - $2::interval where sms_id = $1', [id, ago])
  const askedInSeconds = async (id: string): Promise<number | null> => {
    const [row] = await bench.database.query<{ s: number | null }>(
      'select round(extract(epoch from ask_at - now()))::int as s from sync.sms_dispatch where sms_id = $1',
      [id],
    )
    return row?.s ?? null
  }
  const acceptedAgo = (id: string, ago: string) =>
    bench.database.write('update sync.sms_messages set sent_at = now() - $2::interval where id = $1', [id, ago])

  describe('an SMS without a final status', () => {
    test('is asked for a minute after the carrier took it, by its sid', async () => {
      const { id, sid } = await accepted()
      expect(await due()).toEqual([])
      expect(await askedInSeconds(id)).toBe(60)
      await makeDue(id)
      expect(await due()).toEqual([{ id, sid }])
    })

    test('whose sid a callback or a listing has brought is asked for as well', async () => {
      const [byCallback, byListing] = [await bench.indeterminate(), await bench.indeterminate()]
      await bench.outbox.applyStatus({ id: byCallback.id, attempt: 1, sid: 'SM-by-callback', status: 'sent', errorCode: null })
      await bench.outbox.takeListed(await bench.listed(byListing.id), { sid: 'SM-by-listing', status: 'queued', errorCode: null })
      expect([await askedInSeconds(byCallback.id), await askedInSeconds(byListing.id)]).toEqual([60, 60])
    })

    test('is asked for at 1, 5 and 30 minutes, then every hour for a day', async () => {
      const { id, sid } = await accepted()
      const askedAfter: number[] = []
      for (let at = 60, left: number | null = 60; left !== null; at += left ?? 0) {
        askedAfter.push(at / 60)
        await acceptedAgo(id, `${at} seconds`)
        await bench.outbox.takeLookedUp({ id, sid }, { status: 'sent', errorCode: null })
        left = await askedInSeconds(id)
      }
      expect(askedAfter.slice(0, 5)).toEqual([1, 5, 30, 90, 150])
      expect(askedAfter.at(-1)).toBe(23 * 60 + 30)
      expect(await bench.outbox.stateOf(id)).toBe('sent')
    })

    test('is not asked for twice in a row because two of the times were missed', async () => {
      const { id, sid } = await accepted()
      await acceptedAgo(id, '2 hours')
      await bench.outbox.takeLookedUp({ id, sid }, { status: 'queued', errorCode: null })
      expect(await askedInSeconds(id)).toBe(60)
    })

    test.each([
      ['delivered', null],
      ['undelivered', 30003],
      ['failed', 30001],
      ['canceled', null],
    ])('gets what the carrier says whole (%s, %s), and is asked for no more', async (status, errorCode) => {
      const { id, sid } = await accepted()
      expect(await bench.outbox.takeLookedUp({ id, sid }, { status, errorCode })).toBe('applied')
      expect(await bench.rowOf(id)).toMatchObject({ state: status === 'canceled' ? 'failed' : status, error_code: errorCode })
      expect(await askedInSeconds(id)).toBeNull()
    })

    test('only moves forward, and one whose end is known is asked for no more', async () => {
      const { id, sid } = await accepted()
      await bench.outbox.applyStatus({ id, attempt: 1, sid, status: 'delivered', errorCode: null })
      expect(await askedInSeconds(id)).toBeNull()
      expect(await bench.outbox.takeLookedUp({ id, sid }, { status: 'sent', errorCode: null })).toBe('ignored')
      expect([await bench.outbox.stateOf(id), await askedInSeconds(id)]).toEqual(['delivered', null])
    })

    test('that the carrier does not know stays as it is, and is asked for at the next time', async () => {
      const { id, sid } = await accepted()
      await acceptedAgo(id, '1 minute')
      expect(await bench.outbox.takeLookedUp({ id, sid }, null)).toBe('ignored')
      expect([await bench.outbox.stateOf(id), await askedInSeconds(id)]).toEqual(['accepted', 240])
    })

    test('is claimed by one replica at a time, what waits longest first, and comes again when its lease runs out', async () => {
      const [first, second, third] = [await accepted(), await accepted(), await accepted()]
      await makeDue(first.id, '1 minute')
      await makeDue(second.id, '3 minutes')
      await makeDue(third.id, '2 minutes')
      expect((await due(2)).map(({ id }) => id).sort()).toEqual([second.id, third.id].sort())
      expect((await due()).map(({ id }) => id)).toEqual([first.id])
      expect(await due()).toEqual([])
      expect(await askedInSeconds(second.id)).toBe(15)
    })

    test('is counted with what else waits, and for how long the oldest has', async () => {
      const backlog = async () => {
        const rows = await bench.database.query<{ state: string; messages: number; oldest_seconds: number }>(
          'select * from sync.sms_backlog()',
        )
        return new Map(rows.map(({ state, messages, oldest_seconds }) => [state, [messages, Math.round(oldest_seconds / 60)]]))
      }
      const before = await backlog()
      const { id } = await accepted()
      await bench.taken()
      await bench.claimed()
      const lost = await bench.indeterminate()
      await acceptedAgo(id, '90 minutes')
      await bench.database.write(`update sync.sms_messages set created_at = now() - interval '9 days' where id = $1`, [lost.id])
      const after = await backlog()
      expect(after.get('unreported')).toEqual([1, 90])
      expect(after.get('indeterminate')?.[1]).toBe(9 * 24 * 60)
      for (const state of ['pending', 'sending', 'indeterminate'])
        expect((after.get(state)?.[0] ?? 0) - (before.get(state)?.[0] ?? 0)).toBe(1)
    })

    test('may be forgotten with the ledger, and the answer of its click stays', async () => {
      const { id, call } = await accepted()
      const answer = await bench.click(call)
      await bench.database.write(`update sync.sms_dispatch set created_at = now() - interval '32 days' where sms_id = $1`, [id])
      await bench.database.write('select sync.delete_old_sms_dispatch(1000)')
      expect(bodyOf(await bench.click(call))).toEqual(bodyOf(answer))
    })
  })
}
