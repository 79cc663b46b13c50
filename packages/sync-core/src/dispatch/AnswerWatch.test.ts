import { expect, test } from '@jest/globals'
import type { LastError, MutationRecord } from '../mutation/MutationRecord.js'
import type { OfflineQueue } from '../queue/OfflineQueue.js'
import { aMutation } from '../testing/aMutation.js'
import { fakeClock } from '../testing/fakeClock.js'
import { AnswerWatch } from './AnswerWatch.js'

function aWatch() {
  const hastened: string[] = []
  const told: string[] = []
  const looked: unknown[] = []
  const queue = {
    run: async (operation: unknown) => {
      looked.push(operation)
    },
  } as unknown as OfflineQueue
  const watch = new AnswerWatch({ queue, clock: fakeClock(), report: (code) => told.push(code), findAction: () => undefined }, (id) =>
    hastened.push(id),
  )
  const seen = (record: MutationRecord) => {
    watch.rowSeen(record)
    return { hastened: hastened.splice(0), looked: looked.splice(0).length, told: told.splice(0) }
  }
  return { seen }
}
const failed = (error: Partial<LastError>): LastError => ({ kind: 'transport', status: null, code: 'OFFLINE', at: 0, ...error })
const NOTHING = { hastened: [], looked: 0, told: [] }
const id = aMutation().id

test('its row hastens one whose answer was lost, and one that the server owns', () => {
  const { seen } = aWatch()
  expect(seen(aMutation({ lastError: failed({}) }))).toEqual({ ...NOTHING, hastened: [id] })
  expect(seen(aMutation({ state: 'blocked', lastError: failed({ code: 'TIMEOUT' }) }))).toEqual({ ...NOTHING, hastened: [id] })
  expect(seen(aMutation({ state: 'waiting' }))).toEqual({ ...NOTHING, hastened: [id] })
})

test('an answer without the key is looked up, and its header named once; what was left open is looked up, too', () => {
  const { seen } = aWatch()
  const stripped = aMutation({ lastError: failed({ code: 'NO_ECHO', status: 200 }) })
  expect(seen(stripped)).toEqual({ ...NOTHING, looked: 1, told: ['ECHO_MISSING'] })
  expect(seen(stripped)).toEqual({ ...NOTHING, looked: 1 })
  expect(seen(aMutation({ state: 'unknown' }))).toEqual({ ...NOTHING, looked: 1 })
})

test('a wait that somebody asked for, a page of something between and what has ended are left alone', () => {
  const { seen } = aWatch()
  expect(seen(aMutation({ lastError: failed({ kind: 'pause', status: 503, code: 'STORE_UNAVAILABLE' }) }))).toEqual(NOTHING)
  expect(seen(aMutation({ lastError: failed({ code: 'NO_ECHO', status: 502 }) }))).toEqual(NOTHING)
  expect(seen(aMutation({ state: 'settled' }))).toEqual(NOTHING)
  expect(seen(aMutation())).toEqual(NOTHING)
})
