import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createTwilioSimulator, type TwilioFaultsInput, type TwilioSimulator } from '@org/stand-ins'
import { until } from '../../../test/support/until.js'
import { judgeCarrierAnswer } from './judgeCarrierAnswer.js'
import type { SmsCarrier } from './SmsCarrier.js'
import { createTwilioCarrier } from './twilioCarrier.js'

let twilio: TwilioSimulator
let carrier: SmsCarrier

beforeAll(async () => {
  twilio = await createTwilioSimulator()
  carrier = carrierWith(twilio.authToken)
})

beforeEach(() => twilio.setFaults())
afterAll(() => twilio.close())

function carrierWith(authToken: string, apiBaseUrl: string = twilio.url): SmsCarrier {
  const { accountSid, phoneNumber: from } = twilio
  return createTwilioCarrier(
    { accountSid, authToken, previousAuthToken: null, from, messagingServiceSid: null, apiBaseUrl },
    { timeoutMs: 1_000 },
  )
}

const message = (body: string, to = '+12025550123') => ({ to, body, validitySeconds: 600, statusCallback: null })
const verdictOf = async (by: SmsCarrier, body: string, to?: string) =>
  judgeCarrierAnswer(await by.send(message(body, to)).catch((error: unknown) => ({ error })))

describe('the real SDK against a Twilio in trouble', () => {
  it.each<[TwilioFaultsInput, string, string, boolean]>([
    [{ mode: 'ok' }, 'accepted', 'success', true],
    [{ mode: 'error', status: 503 }, 'postpone', 'failure', false],
    [{ mode: 'error', status: 502 }, 'indeterminate', 'failure', false],
    [{ mode: 'error', status: 409 }, 'postpone', 'none', false],
    [{ mode: 'error', status: 402 }, 'postpone', 'isolate', false],
    [{ mode: 'error', status: 403, code: 20005 }, 'postpone', 'isolate', false],
    [{ mode: 'error', status: 400, code: 21611 }, 'postpone', 'none', false],
    [{ mode: 'error', status: 400, code: 63038 }, 'postpone', 'none', false],
    [{ mode: 'error', code: 21606 }, 'postpone', 'isolate', false],
    [{ mode: 'error', status: 500 }, 'indeterminate', 'failure', false],
    [{ mode: 'error', code: 21211 }, 'failed', 'success', false],
    [{ mode: 'rate-limited' }, 'postpone', 'none', false],
    [{ mode: 'timeout' }, 'indeterminate', 'failure', false],
    [{ mode: 'lost-response' }, 'indeterminate', 'failure', true],
    [{ mode: 'bad-json' }, 'indeterminate', 'failure', true],
    [{ mode: 'refused' }, 'postpone', 'failure', false],
    [{ mode: 'ok', latencyMs: 2_000 }, 'indeterminate', 'failure', true],
  ])('%j is %s', async (faults, kind, breaker, accepted) => {
    await twilio.setFaults(faults)
    const body = `Hi ${JSON.stringify(faults)}`
    expect(await verdictOf(carrier, body)).toMatchObject({ kind, breaker })
    expect(twilio.messages().some((sent) => sent.body === body)).toBe(accepted)
  })

  it('knows bad credentials from a bad number', async () => {
    expect(await verdictOf(carrierWith('wrong-token'), 'Hi')).toMatchObject({ kind: 'postpone', breaker: 'isolate' })
    expect(await verdictOf(carrier, 'Hi', '+15005550001')).toMatchObject({ kind: 'failed', errorCode: 21211 })
  })

  it('makes one call for one send, also when Twilio asks to slow down', async () => {
    await twilio.setFaults({ mode: 'rate-limited' })
    const before = twilio.callCount()
    await verdictOf(carrier, 'Hi')
    expect(twilio.callCount() - before).toBe(1)
  })
})

it('lists what went to a number, and nothing older or to others', async () => {
  const since = new Date(Date.now() - 1_000)
  const { sid } = await carrier.send(message('Hello Marcus', '+12025550124'))
  await carrier.send(message('Hello Priya', '+12025550125'))
  expect(await carrier.listTo('+12025550124', since)).toEqual([
    expect.objectContaining({ sid, to: '+12025550124', from: twilio.phoneNumber, body: 'Hello Marcus', errorCode: null }),
  ])
  expect(await carrier.listTo('+12025550124', new Date(Date.now() + 60_000))).toEqual([])
})

it.each([null, undefined, '', 'soon', 'Mon, 30 Nov 2026 18:00:00 +0000'])(
  'lists what says of its age %j, unless that is known to be too old',
  async (date) => {
    const listed = {
      sid: 'SM1',
      to: '+12025550124',
      from: '+15005550006',
      body: 'Hi',
      direction: 'outbound-api',
      status: 'sent',
      date_created: date,
    }
    const server = createServer((_req, res) => res.end(JSON.stringify({ messages: [listed], next_page_uri: null })))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const odd = carrierWith('token', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const found = await odd.listTo('+12025550124', new Date('2026-11-30T17:59:00Z'))
    expect(found.map(({ sid, status }) => [sid, status])).toEqual([['SM1', 'sent']])
    const isKnown = String(date).startsWith('Mon')
    expect(await odd.listTo('+12025550124', new Date('2026-11-30T18:01:00Z'))).toHaveLength(isKnown ? 0 : 1)
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  },
)

describe('asking for one message', () => {
  it.each([
    ['+12025550126', 'delivered', null],
    ['+15005550030', 'undelivered', 30003],
  ])('to %s tells its status and why: %s %s', async (to, status, errorCode) => {
    const { sid } = await carrier.send(message('How are you?', to))
    await until(async () => (await carrier.lookUp(sid)).status === status)
    expect(await carrier.lookUp(sid)).toEqual({ status, errorCode })
  })

  it('that Twilio does not know is an error about that message', async () => {
    const error = await carrier.lookUp(`SM${'0'.repeat(32)}`).catch((thrown: unknown) => thrown)
    expect(judgeCarrierAnswer({ error })).toMatchObject({ kind: 'failed', errorCode: 20404 })
  })

  it('takes no longer than a call may', async () => {
    await twilio.setFaults({ mode: 'timeout' })
    await expect(carrier.lookUp('SM1')).rejects.toThrow(/timeout|did not answer/)
  })
})
