import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { carrierInTime } from './carrierInTime.js'
import { judgeCarrierAnswer } from './judgeCarrierAnswer.js'
import type { SmsCarrier } from './SmsCarrier.js'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

const MESSAGE = { to: '+12025550123', body: 'Hi', validitySeconds: 600, statusCallback: null }
const VERBS: [string, (carrier: SmsCarrier) => Promise<unknown>][] = [
  ['send', (carrier) => carrier.send(MESSAGE)],
  ['listTo', (carrier) => carrier.listTo('+12025550123', new Date(0))],
  ['lookUp', (carrier) => carrier.lookUp('SM1')],
]
const carrierOf = (answer: () => Promise<never>) => carrierInTime({ send: answer, listTo: answer, lookUp: answer })
const errorOf = (asked: Promise<unknown>) => asked.then(() => null).catch((error: unknown) => error)

describe.each(VERBS)('%s of a carrier', (_verb, ask) => {
  it('that never answers ends, and nobody knows whether it was carried out', async () => {
    const asked = errorOf(ask(carrierOf(() => new Promise(() => undefined))))
    await jest.advanceTimersByTimeAsync(7_000)
    expect(judgeCarrierAnswer({ error: await asked })).toEqual({ kind: 'indeterminate', reason: 'TIMEOUT', breaker: 'failure' })
  })

  it.each<[string, () => Promise<never>]>([
    [
      'throws',
      () => {
        throw new TypeError('no')
      },
    ],
    ['rejects', () => Promise.reject(new TypeError('no'))],
  ])('that %s rejects with that, and no timer stays', async (_how, answer) => {
    expect(await errorOf(ask(carrierOf(answer)))).toEqual(new TypeError('no'))
    expect(jest.getTimerCount()).toBe(0)
  })
})

it('passes on what the carrier answers', async () => {
  const carrier = carrierInTime({
    send: async () => ({ sid: 'SM1' }),
    listTo: async () => [],
    lookUp: async () => ({ status: 'sent', errorCode: null }),
  })
  expect(await Promise.all(VERBS.map(([, ask]) => ask(carrier)))).toEqual([{ sid: 'SM1' }, [], { status: 'sent', errorCode: null }])
})
