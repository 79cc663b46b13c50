import { describe, expect, it, jest } from '@jest/globals'
import type { ActionAnswer } from '../ledger/ActionCall.js'
import { anActionAnswer } from '../ledger/testing/anActionAnswer.js'
import { AnswerOnce, type KeyedArrival } from './AnswerOnce.js'
import { memoryReplayCache } from './memoryReplayCache.js'
import type { ReplayCache } from './ReplayCache.js'

const anArrival = (fields: Partial<KeyedArrival> = {}): KeyedArrival => ({
  id: 'org-1/ana/key-1',
  fingerprint: 'v1:a',
  maxBody: 1_000,
  isFirstAttempt: false,
  ...fields,
})

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A ledger that answers when told to. */
function aLedger() {
  const waiting: ((answer: ActionAnswer | Error) => void)[] = []
  const run = jest.fn(
    () =>
      new Promise<ActionAnswer>((resolve, reject) => {
        waiting.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)))
      }),
  )
  return { run, answer: (answer: ActionAnswer | Error) => waiting.shift()?.(answer) }
}

const cacheOf = (): ReplayCache => memoryReplayCache({ windowMs: 60_000 })

describe('duplicates in one process', () => {
  it('join the first one, ask nobody, and get its answer', async () => {
    const ledger = aLedger()
    const once = new AnswerOnce({ cache: cacheOf() })
    const all = Array.from({ length: 40 }, () => once.answer(anArrival(), ledger.run))
    await turn()
    ledger.answer(anActionAnswer())
    const answers = await Promise.all(all)
    expect(ledger.run).toHaveBeenCalledTimes(1)
    expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['{"success":true}']))
    expect(answers.map(({ replayed }) => replayed)).toEqual([false, ...Array(39).fill(true)])
  })

  it('are told that it is in progress when it takes longer than they may wait', async () => {
    const ledger = aLedger()
    const once = new AnswerOnce({ cache: cacheOf(), flightWaitMs: 5 })
    const first = once.answer(anArrival(), ledger.run)
    await expect(once.answer(anArrival(), ledger.run)).rejects.toMatchObject({ code: 'IDEMPOTENCY_IN_PROGRESS', retryAfterMs: 1_000 })
    ledger.answer(anActionAnswer())
    expect((await first).replayed).toBe(false)
    expect(ledger.run).toHaveBeenCalledTimes(1)
  })

  it('share its failure, and the next one asks again', async () => {
    const ledger = aLedger()
    const once = new AnswerOnce({ cache: cacheOf() })
    const both = Promise.allSettled([once.answer(anArrival(), ledger.run), once.answer(anArrival(), ledger.run)])
    await turn()
    ledger.answer(new Error('the database is away'))
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    const next = once.answer(anArrival(), ledger.run)
    await turn()
    ledger.answer(anActionAnswer())
    expect((await next).status).toBe(200)
  })

  it('with another body wait for its end and are then judged by the ledger', async () => {
    const ledger = aLedger()
    const once = new AnswerOnce({ cache: cacheOf() })
    const first = once.answer(anArrival(), ledger.run)
    const other = once.answer(anArrival({ fingerprint: 'v1:b' }), ledger.run)
    await turn()
    expect(ledger.run).toHaveBeenCalledTimes(1)
    ledger.answer(anActionAnswer())
    await first
    await turn()
    ledger.answer(anActionAnswer({ status: 422, body: '{"code":"IDEMPOTENCY_KEY_REUSED"}', recorded: false }))
    expect((await other).status).toBe(422)
  })
})

describe('an answer that has just ended', () => {
  const endedWith = async (answer: ActionAnswer, options: { cache?: ReplayCache; arrival?: Partial<KeyedArrival> } = {}) => {
    const once = new AnswerOnce({ cache: options.cache ?? cacheOf() })
    await once.answer(anArrival(options.arrival), async () => answer)
    const again = jest.fn(async () => anActionAnswer({ body: '{"asked":"again"}' }))
    return { again, replay: await once.answer(anArrival({ ...options.arrival, isFirstAttempt: false }), again) }
  }

  it('is replayed without asking the ledger', async () => {
    const { again, replay } = await endedWith(anActionAnswer())
    expect(again).not.toHaveBeenCalled()
    expect(replay).toEqual(anActionAnswer({ replayed: true }))
  })

  it.each<[string, Partial<ActionAnswer>]>([
    ['the ledger does not hold', { recorded: false, status: 404 }],
    ['is computed anew until it has an end', { status: 202 }],
    ['is longer than may be kept', { body: `"${'x'.repeat(2_000)}"` }],
  ])('is asked for again when it %s', async (_what, fields) => {
    expect((await endedWith(anActionAnswer(fields))).again).toHaveBeenCalledTimes(1)
  })

  it('is no answer to another body', async () => {
    const once = new AnswerOnce({ cache: cacheOf() })
    await once.answer(anArrival(), async () => anActionAnswer())
    const ledger = jest.fn(async () => anActionAnswer({ status: 422 }))
    await once.answer(anArrival({ fingerprint: 'v1:b' }), ledger)
    expect(ledger).toHaveBeenCalledTimes(1)
  })

  it('is asked of the ledger while the cache is away, which fails nobody', async () => {
    const errors: string[] = []
    const away = { look: () => Promise.reject(new Error('away')), put: () => Promise.reject(new Error('away')) }
    const once = new AnswerOnce({ cache: away, onCacheError: (verb) => errors.push(verb) })
    expect(await once.answer(anArrival(), async () => anActionAnswer())).toEqual(anActionAnswer())
    await turn()
    expect(errors).toEqual(['look', 'put'])
  })
})

describe('a first attempt', () => {
  it('looks nowhere before it asks the ledger', async () => {
    const cache = cacheOf()
    const look = jest.spyOn(cache, 'look')
    await new AnswerOnce({ cache }).answer(anArrival({ isFirstAttempt: true }), async () => anActionAnswer())
    expect(look).not.toHaveBeenCalled()
  })

  it('that is none joins and is decided by the ledger all the same', async () => {
    const once = new AnswerOnce({ cache: cacheOf() })
    const run = jest.fn(async () => anActionAnswer())
    await Promise.all([1, 2].map(() => once.answer(anArrival({ isFirstAttempt: true }), run)))
    expect(run).toHaveBeenCalledTimes(1)
  })
})
