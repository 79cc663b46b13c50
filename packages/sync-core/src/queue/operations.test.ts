import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { MemoryStorage } from '../adapters/memoryStorage.js'
import type { MutationRecord, Single } from '../mutation/MutationRecord.js'
import { plannedFor } from '../mutation/mutationState.js'
import type { Decision } from '../retry/decideRetry.js'
import { aCommitter, type TabsQueue } from '../testing/aCommitter.js'
import { aMutation } from '../testing/aMutation.js'
import { type FakeClock, fakeClock } from '../testing/fakeClock.js'
import { acknowledge } from './acknowledge.js'
import { recover, unclaim } from './change.js'
import { claim, type Sendable } from './claim.js'
import { enqueue } from './enqueue.js'

const OPEN = { maxUnfinished: 100, maxBytes: 1e6, duplicateWindowMs: 0 }
const isDue = (record: MutationRecord) => (plannedFor(record) ?? 0) <= clock.now()
let storage: MemoryStorage
let clock: FakeClock
let first: TabsQueue
let second: TabsQueue

/** Two tabs on one storage that never hear of each other: only compare-and-set keeps them apart. */
beforeEach(() => {
  storage = new MemoryStorage()
  clock = fakeClock()
  ;[first, second] = [aCommitter({ clock, storage }), aCommitter({ clock, storage, tabId: 'tab-2' })]
})
afterEach(() => expect(clock.pending()).toBe(0))

const put = async (tab: TabsQueue, fields: Partial<Single<'queued'>>) => {
  const record = aMutation({ seq: null, rev: 0, storedAt: null, ...fields })
  await tab.run(enqueue([record], { ...OPEN, now: clock.now() }))
  return stored(record.id)
}
const entries = async () => (await storage.entries()).map(([, value]) => value as MutationRecord)
const stored = async (id: string): Promise<MutationRecord> => (await entries()).find((record) => record.id === id)!
/** What is due of these and first of all in its lane, as the transaction sees it. */
const pickOf = (records: readonly MutationRecord[]) => (unfinished: Iterable<MutationRecord>) => {
  const heads = new Map<string, MutationRecord>()
  for (const record of unfinished) for (const lane of record.lanes) if (!heads.has(lane)) heads.set(lane, record)
  return [...heads.values()].filter(
    (record): record is Sendable => record.state === 'queued' && isDue(record) && records.some(({ id }) => id === record.id),
  )
}
const claimAs = (tab: TabsQueue, tabId: string, ...records: MutationRecord[]) =>
  tab.run(claim(pickOf(records), { sender: tabId, sendingAt: clock.now() }))

describe('claim', () => {
  test('two tabs claim the same mutation at the same moment: one gets it', async () => {
    const record = await put(first, { id: 'a' })
    const [one, other] = await Promise.all([claimAs(first, 'tab-1', record), claimAs(second, 'tab-2', record)])
    expect(one).toHaveLength(1)
    expect(other).toEqual([])
    expect(await stored('a')).toMatchObject({ state: 'sending', sender: 'tab-1' })
  })

  test('leaves what stands behind a click that this tab has never heard of, until it has run', async () => {
    await put(first, { id: 'a', request: 1 })
    const behind = await put(second, { id: 'b', request: 2 })
    expect(await claimAs(second, 'tab-2', behind)).toEqual([])
  })

  test('leaves what another tab has just tried and planned for later', async () => {
    const record = await put(first, { id: 'a' })
    const claimed = await claimAs(first, 'tab-1', record)
    const retry = { next: 'retry', at: clock.now() + 5_000, ambiguous: true, error: anError(), strikes: aMutation().strikes } as const
    await first.run(acknowledge(claimed[0]!, retry, anOptions()))
    expect(await claimAs(second, 'tab-2', record)).toEqual([])
    expect(await stored('a')).toMatchObject({ ambiguous: true })
  })

  test('counts the attempt and writes the sender before anything is sent', async () => {
    const record = await put(first, { id: 'a' })
    await claimAs(first, 'tab-1', record)
    expect(await stored('a')).toMatchObject({ state: 'sending', attempts: 1, sender: 'tab-1', sendingAt: clock.now() })
  })
})

describe('unclaim', () => {
  test('gives back what was not sent as if it had never been claimed', async () => {
    const record = await put(first, { id: 'a' })
    const claimed = await claimAs(first, 'tab-1', record)
    await first.run(unclaim(claimed[0]!, clock.now()))
    expect(await stored('a')).toMatchObject({ state: 'queued', attempts: 0, ambiguous: false })
    expect(await stored('a')).not.toHaveProperty('sender')
  })

  test('leaves alone what another tab has taken over meanwhile', async () => {
    const record = await put(first, { id: 'a' })
    const claimed = await claimAs(first, 'tab-1', record)
    await second.run(recover(claimed[0]!, clock.now()))
    await claimAs(second, 'tab-2', await stored('a'))
    await first.run(unclaim(claimed[0]!, clock.now()))
    expect(await stored('a')).toMatchObject({ state: 'sending', sender: 'tab-2', attempts: 2, ambiguous: true })
  })
})

describe('recover', () => {
  const sending = async () => {
    const record = await put(first, { id: 'a' })
    return (await claimAs(first, 'tab-1', record))[0]!
  }

  test('gives an abandoned attempt back as one that may have arrived', async () => {
    expect(await second.run(recover(await sending(), clock.now()))).toMatchObject({ changed: true })
    expect(await stored('a')).toMatchObject({ state: 'queued', ambiguous: true })
  })

  test('leaves a later attempt and a settled mutation alone', async () => {
    const attempt = await sending()
    expect(await second.run(recover({ ...attempt, attempts: 0 }, clock.now()))).toMatchObject({ changed: false })
    await first.run(acknowledge(attempt, success(), anOptions()))
    expect(await second.run(recover(attempt, clock.now()))).toMatchObject({ changed: false })
    expect((await stored('a')).state).toBe('settled')
  })
})

describe('acknowledge', () => {
  const takenOver = async () => {
    const record = await put(first, { id: 'a' })
    const attempt = (await claimAs(first, 'tab-1', record))[0]!
    await second.run(recover(attempt, clock.now()))
    await claimAs(second, 'tab-2', await stored('a'))
    return attempt
  }

  test('an unproven refusal of a tab that was taken over is no answer: the other attempt may take effect yet', async () => {
    const attempt = await takenOver()
    const { applied } = await first.run(acknowledge(attempt, refusal(false), anOptions()))
    expect(applied).toBe(false)
    expect(await stored('a')).toMatchObject({ state: 'sending', sender: 'tab-2' })
  })

  test('a success or a recorded refusal counts whoever got it', async () => {
    const attempt = await takenOver()
    await first.run(acknowledge(attempt, refusal(true), anOptions()))
    expect((await stored('a')).state).toBe('settled')
  })

  test('what is settled is never rewritten', async () => {
    const record = await put(first, { id: 'a' })
    const attempt = (await claimAs(first, 'tab-1', record))[0]!
    await first.run(acknowledge(attempt, success(), anOptions()))
    const { applied } = await second.run(acknowledge(attempt, refusal(true), anOptions()))
    expect(applied).toBe(false)
    expect(await stored('a')).toMatchObject({ result: { outcome: 'success' } })
  })
})

describe('enqueue', () => {
  test('two tabs that never heard of each other agree that the same click is one', async () => {
    await put(first, { id: 'a' })
    const result = await second.run(enqueue([aMutation({ id: 'b', seq: null })], { ...OPEN, now: 0 }))
    expect(result).toEqual({ kind: 'joined', id: 'a' })
  })

  test('gives places in the order of the commits, across tabs', async () => {
    const places = [
      await put(first, { id: 'a', request: 1 }),
      await put(second, { id: 'b', request: 2 }),
      await put(first, { id: 'c', request: 3 }),
    ]
    const [start = 0] = places.map(({ seq }) => seq ?? 0)
    expect(places.map(({ seq }) => (seq ?? 0) - start)).toEqual([0, 1, 2])
  })
})

function anError() {
  return { kind: 'transport', status: null, code: 'OFFLINE', at: 0 }
}

function anOptions() {
  return { now: clock.now(), shown: true, tell: false, versions: {}, combine: undefined }
}

function success(): Decision {
  return { next: 'settle', proven: true, result: { outcome: 'success', status: 200, code: null, body: {}, replayed: false, at: 0 } }
}

function refusal(proven: boolean): Decision {
  return { next: 'settle', proven, result: { outcome: 'rejected', status: 403, code: 'FORBIDDEN', body: {}, replayed: false, at: 0 } }
}
