import { expect, test } from '@jest/globals'
import { aMutation } from '../testing/aMutation.js'
import type { MutationRecord } from './MutationRecord.js'
import { mergeForks } from './mergeForks.js'

const own = { tabId: 'tab-1' }
const answer = { outcome: 'success', status: 200, code: null, body: null, replayed: false, at: 0 } as const
const queued = aMutation({ seq: 7, rev: 2 })
const sending = aMutation({ state: 'sending', sender: 'tab-1', attempts: 2, rev: 4 })
const elsewhere = aMutation({ state: 'sending', sender: 'tab-2', attempts: 5, seq: 7, rev: 9 })
const done = aMutation({ state: 'settled', result: answer, notifiedAt: 6, ackedVersions: { x: 3 } })
const refused = aMutation({ state: 'dead', notifiedAt: 5, ackedVersions: { x: 4, y: 1 } })

test.each<[string, MutationRecord, MutationRecord, object]>([
  ['an ending in memory wins, told or not', done, elsewhere, { state: 'settled', result: answer, notifiedAt: 6 }],
  ['an ending on disk wins', sending, { ...done, seq: 7 }, { state: 'settled', notifiedAt: 6 }],
  ['a success wins over a refusal, and the higher versions stay', refused, done, { result: answer, ackedVersions: { x: 4, y: 1 } }],
  [
    'an attempt of this tab keeps sender and number',
    sending,
    elsewhere,
    { state: 'sending', sender: 'tab-1', attempts: 2, ambiguous: true },
  ],
  ['an attempt of another tab goes on', queued, elsewhere, { state: 'sending', sender: 'tab-2', attempts: 5, ambiguous: false }],
  ['an attempt of another tab that has ended is no attempt', elsewhere, aMutation({ attempts: 5 }), { state: 'queued', attempts: 5 }],
  [
    'whoever got further is followed',
    aMutation({ state: 'waiting', attempts: 3 }),
    aMutation({ attempts: 1 }),
    { state: 'waiting', attempts: 3 },
  ],
  ['what may have arrived may have arrived', queued, aMutation({ ambiguous: true }), { ambiguous: true }],
  ['the later plan counts', aMutation({ nextAttemptAt: 5 }), aMutation({ nextAttemptAt: 9 }), { nextAttemptAt: 9 }],
  ['the bytes stay as they were sent', queued, aMutation({ attempts: 1, expectedVersion: 3 }), { expectedVersion: 3 }],
])('%s', (_rule, memory, stored, expected) => {
  const merged = mergeForks(memory, stored, own)
  expect(merged).toMatchObject(expected)
  expect(merged).toMatchObject({ seq: stored.seq, rev: Math.max(memory.rev, stored.rev) + 1 })
})
