import { beforeEach, describe, expect, it, jest } from '@jest/globals'
import { aClaimedSms, FakeOutbox } from '../../../test/support/FakeOutbox.js'
import { TwilioCircuitBreaker } from './breaker/TwilioCircuitBreaker.js'
import type { OutgoingSms, SmsCarrier } from './SmsCarrier.js'
import { SmsDispatcher, type SmsDispatcherOptions } from './SmsDispatcher.js'
import type { SmsEvents } from './SmsEvents.js'

let outbox: FakeOutbox
let sent: OutgoingSms[]
let breaker: TwilioCircuitBreaker

beforeEach(() => {
  outbox = new FakeOutbox()
  sent = []
  breaker = new TwilioCircuitBreaker()
})

function aDispatcher(options: Partial<SmsDispatcherOptions> & { send?: SmsCarrier['send'] } = {}): SmsDispatcher {
  const send = options.send ?? (async () => ({ sid: `SM${sent.length}` }))
  const carrier: SmsCarrier = {
    send: async (message) => {
      sent.push(message)
      return send(message)
    },
    lookUp: () => Promise.reject(new Error('not here')),
    listTo: async () => [],
  }
  return new SmsDispatcher({ outbox, carrier, breaker, statusCallback: ({ id, attempt }) => `https://api/${id}/${attempt}`, ...options })
}

const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
const twilioSays = (status: number, code: number) => Object.assign(new Error('as Twilio said'), { status, code })
const cut = Object.assign(new Error('cut'), { code: 'ECONNRESET' })

describe('dispatching one SMS', () => {
  it('hands it over with its validity and callback, and writes what became of it', async () => {
    outbox.due.push(aClaimedSms({ attempt: 2 }))
    await aDispatcher().dispatch('sms-1')
    expect(sent).toEqual([{ to: '+12025550123', body: 'Hi Anna', validitySeconds: 600, statusCallback: 'https://api/sms-1/2' }])
    expect(outbox.calls).toEqual(['accepted sms-1 SM1'])
  })

  it('does nothing when the row is not due or another replica has it', async () => {
    await aDispatcher().dispatch('sms-1')
    expect(sent).toEqual([])
  })

  it('sends once for any number of arrivals that want it sent', async () => {
    outbox.due.push(aClaimedSms())
    const dispatcher = aDispatcher()
    await Promise.all([dispatcher.dispatch('sms-1'), dispatcher.dispatch('sms-1'), dispatcher.dispatch('sms-1')])
    expect(sent).toHaveLength(1)
    expect(dispatcher.inFlight).toBe(0)
  })

  it.each([
    ['what never left', refused, 'postponed sms-1 2000 ECONNREFUSED'],
    ['what may have arrived', cut, 'indeterminate sms-1 ECONNRESET'],
    ['a rejection', Object.assign(new Error('bad number'), { status: 400, code: 21211 }), 'failed sms-1 21211'],
    ['a STOP', Object.assign(new Error('stopped'), { status: 400, code: 21610 }), 'failed sms-1 21610 opted out'],
  ])('writes %s as such', async (_name, error, call) => {
    outbox.due.push(aClaimedSms())
    await aDispatcher({ send: () => Promise.reject(error) }).dispatch('sms-1')
    expect(outbox.calls).toEqual([call])
  })

  it('does not call when too little of the lease is left, because the process slept', async () => {
    outbox.due.push(aClaimedSms())
    const times = [0, 8_001]
    const onLeaseTooShort = jest.fn<NonNullable<SmsEvents['onLeaseTooShort']>>()
    await aDispatcher({ now: () => times.shift() ?? 8_001, events: { onLeaseTooShort } }).dispatch('sms-1')
    expect(sent).toEqual([])
    expect(outbox.calls).toEqual(['postponed sms-1 0 lease-too-short'])
    expect(onLeaseTooShort).toHaveBeenCalledWith('sms-1')
  })

  it('reports an outcome that came too late to be written', async () => {
    outbox.due.push(aClaimedSms())
    outbox.lost.add('sms-1')
    const onLeaseLost = jest.fn<NonNullable<SmsEvents['onLeaseLost']>>()
    await aDispatcher({ events: { onLeaseLost } }).dispatch('sms-1')
    expect(onLeaseLost).toHaveBeenCalledWith('sms-1', expect.objectContaining({ kind: 'accepted' }))
  })

  it('comes again within seconds when Twilio itself says that it took nothing', async () => {
    outbox.due.push(aClaimedSms())
    await aDispatcher({ send: () => Promise.reject(twilioSays(503, 20503)) }).dispatch('sms-1')
    expect(outbox.calls).toEqual(['postponed sms-1 2000 http-503'])
  })

  it('waits for the next day when the day is used up, but not beyond the deadline of the click', async () => {
    jest.useFakeTimers({ now: Date.parse('2026-01-15T22:30:00Z') })
    try {
      outbox.due.push(aClaimedSms({ validitySeconds: 14_400 }), aClaimedSms({ id: 'sms-2', validitySeconds: 60 }))
      const dispatcher = aDispatcher({ send: () => Promise.reject(twilioSays(400, 63038)) })
      await dispatcher.dispatch('sms-1')
      await dispatcher.dispatch('sms-2')
      expect(outbox.calls).toEqual([`postponed sms-1 ${90 * 60_000} daily-limit`, 'postponed sms-2 60000 daily-limit'])
    } finally {
      jest.useRealTimers()
    }
  })

  it.each([20005, 21606, 21701])('keeps the SMS and stops all sending when the account is refused (%s)', async (code) => {
    outbox.due.push(aClaimedSms(), aClaimedSms({ id: 'sms-2' }))
    const dispatcher = aDispatcher({ send: () => Promise.reject(twilioSays(400, code)) })
    await dispatcher.dispatch('sms-1')
    expect(outbox.calls).toEqual([expect.stringMatching(/^postponed sms-1 2000 /)])
    expect(breaker.isIsolated).toBe(true)
    expect(await dispatcher.dispatchDue()).toBe(0)
  })

  it('waits longer with each attempt', async () => {
    outbox.due.push(aClaimedSms({ attempt: 4 }), aClaimedSms({ id: 'sms-2', attempt: 50 }))
    const dispatcher = aDispatcher({ send: () => Promise.reject(refused) })
    await dispatcher.dispatch('sms-1')
    await dispatcher.dispatch('sms-2')
    expect(outbox.calls).toEqual(['postponed sms-1 16000 ECONNREFUSED', 'postponed sms-2 300000 ECONNREFUSED'])
  })
})

describe('dispatching what is due', () => {
  it('sends all of it, as many at once as allowed', async () => {
    for (let index = 0; index < 5; index += 1) outbox.due.push(aClaimedSms({ id: `sms-${index}` }))
    const dispatcher = aDispatcher({ concurrency: 3 })
    expect(await dispatcher.dispatchDue()).toBe(3)
    expect(await dispatcher.dispatchDue()).toBe(2)
    expect(await dispatcher.dispatchDue()).toBe(0)
  })

  it('leaves a row for later when all hands are busy', async () => {
    outbox.due.push(aClaimedSms(), aClaimedSms({ id: 'sms-2' }))
    let answer: () => void = () => undefined
    const dispatcher = aDispatcher({ concurrency: 1, send: () => new Promise((resolve) => (answer = () => resolve({ sid: 'SM1' }))) })
    const first = dispatcher.dispatch('sms-1')
    await Promise.resolve()
    await dispatcher.dispatch('sms-2')
    expect(await dispatcher.dispatchDue()).toBe(0)
    expect(outbox.due).toHaveLength(1)
    answer()
    await Promise.all([first, dispatcher.drained()])
  })

  it('claims nothing while the circuit is open, and one row as the probe once it is half-open', async () => {
    jest.useFakeTimers()
    try {
      for (let index = 0; index < 10; index += 1) outbox.due.push(aClaimedSms({ id: `sms-${index}` }))
      const dispatcher = aDispatcher({ concurrency: 5, send: () => Promise.reject(cut) })
      await dispatcher.dispatchDue()
      expect(breaker.getState()).toBe('OPEN')
      expect(await dispatcher.dispatchDue()).toBe(0)
      jest.advanceTimersByTime(30_000)
      expect(await dispatcher.dispatchDue()).toBe(1)
      expect(outbox.calls.filter((call) => call.startsWith('claimDue'))).toEqual(['claimDue 5', 'claimDue 1'])
      expect(breaker.status().retryAt).toBe(new Date(Date.now() + 60_000).toISOString())
    } finally {
      jest.useRealTimers()
    }
  })

  it('gives the probe back when nothing waits for it', async () => {
    jest.useFakeTimers()
    try {
      for (let index = 0; index < 5; index += 1) outbox.due.push(aClaimedSms({ id: `sms-${index}` }))
      const dispatcher = aDispatcher({ send: () => Promise.reject(cut) })
      await dispatcher.dispatchDue()
      jest.advanceTimersByTime(30_000)
      expect(await dispatcher.dispatchDue()).toBe(0)
      expect(breaker.refuse()).toBeNull()
    } finally {
      jest.useRealTimers()
    }
  })

  it('postpones a claimed row until the circuit closes when it opened meanwhile', async () => {
    breaker.isolate()
    outbox.due.push(aClaimedSms())
    await aDispatcher().dispatch('sms-1')
    expect(sent).toEqual([])
    expect(outbox.calls).toEqual(['postponed sms-1 2000 breaker-open'])
  })
})
