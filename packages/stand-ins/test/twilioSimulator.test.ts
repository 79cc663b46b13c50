import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import twilio from 'twilio'
import { createTwilioSimulator, type TwilioFaultsInput, type TwilioSimulator, type TwilioSimulatorOptions } from '../src/index.js'
import { FakeClock } from './harness/FakeClock.js'
import { twilioSdk } from './harness/twilioSdk.js'
import { until } from './harness/until.js'
import { openWebhookReceiver } from './harness/webhookReceiver.js'

const PERSON = '+15005550101'
const closers: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function start(options: TwilioSimulatorOptions = {}) {
  const clock = new FakeClock()
  const simulator = await createTwilioSimulator({ clock, random: () => 0.5, ...options })
  closers.push(simulator.close)
  return { clock, simulator, client: twilioSdk(simulator) }
}

async function receiver(...statuses: number[]) {
  const opened = await openWebhookReceiver(...statuses)
  closers.push(opened.close)
  return opened
}

function aMessage(simulator: TwilioSimulator, fields: Record<string, unknown> = {}) {
  return { to: PERSON, from: simulator.phoneNumber, body: 'Hi Anna', ...fields }
}

describe('the Twilio simulator and the real SDK', () => {
  it('accepts a message and answers the full resource', async () => {
    const { simulator, client } = await start()
    const created = await client.messages.create(aMessage(simulator))
    expect(created).toMatchObject({
      sid: expect.stringMatching(/^SM[0-9a-f]{32}$/),
      status: 'queued',
      to: PERSON,
      from: simulator.phoneNumber,
      body: 'Hi Anna',
      direction: 'outbound-api',
      numSegments: '1',
      dateCreated: new Date('2026-01-15T10:30:00.000Z'),
      dateSent: null,
      errorCode: null,
    })
    expect(simulator.messages()).toEqual([{ sid: created.sid, to: PERSON, from: simulator.phoneNumber, body: 'Hi Anna', status: 'queued' }])
  })

  it.each([
    ['a wrong token', {}, { authToken: 'wrong' }, 401, 20003],
    ['a number that is none', { to: '12' }, {}, 400, 21211],
    ["Twilio's invalid test number", { to: '+15005550001' }, {}, 400, 21211],
    ["Twilio's unroutable test number", { to: '+15005550002' }, {}, 400, 21612],
    ["Twilio's international test number", { to: '+15005550003' }, {}, 400, 21408],
    ["Twilio's blocked test number", { to: '+15005550004' }, {}, 400, 21610],
    ["Twilio's landline test number", { to: '+15005550009' }, {}, 400, 21614],
    ['a sender that is none', { from: 'ACME' }, {}, 400, 21212],
    ['a sender that is not ours', { from: '+15005550007' }, {}, 400, 21606],
    ['a sender with a full queue', { from: '+15005550008' }, {}, 429, 21611],
    ['no sender', { from: undefined }, {}, 400, 21603],
    ['no recipient', { to: '' }, {}, 400, 21604],
    ['no body', { body: '' }, {}, 400, 21602],
    ['a body over 1600 characters', { body: 'x'.repeat(1_601) }, {}, 400, 21617],
    ['a callback that is no URL', { statusCallback: 'nowhere' }, {}, 400, 21609],
  ])('refuses %s with its code, and accepts nothing', async (_name, fields, options, status, code) => {
    const { simulator } = await start()
    const sending = twilioSdk(simulator, options).messages.create(aMessage(simulator, fields))
    await expect(sending).rejects.toMatchObject({ status, code, moreInfo: `https://www.twilio.com/docs/errors/${code}` })
    expect(simulator.messages()).toEqual([])
  })

  it('sends for a messaging service from the account’s number', async () => {
    const { simulator, client } = await start()
    const messagingServiceSid = `MG${'0'.repeat(32)}`
    const created = await client.messages.create({ to: PERSON, messagingServiceSid, body: 'Hi' })
    expect(created).toMatchObject({ messagingServiceSid, from: simulator.phoneNumber })
    await expect(client.messages.create({ to: PERSON, messagingServiceSid: 'MG1', body: 'Hi' })).rejects.toMatchObject({ code: 21701 })
  })

  it('fetches one message, and answers 20404 for one it does not know', async () => {
    const { simulator, client } = await start()
    const { sid } = await client.messages.create(aMessage(simulator))
    expect((await client.messages(sid).fetch()).body).toBe('Hi Anna')
    await expect(client.messages('SM00000000000000000000000000000000').fetch()).rejects.toMatchObject({ status: 404, code: 20404 })
  })
})

describe('listing messages', () => {
  it('filters by recipient, sender and both ends of the date range', async () => {
    const { simulator, client, clock } = await start()
    const other = '+15005550102'
    const first = await client.messages.create(aMessage(simulator, { body: 'first' }))
    await client.messages.create(aMessage(simulator, { to: other }))
    clock.advance(60_000)
    const second = await client.messages.create(aMessage(simulator, { body: 'second' }))

    const sids = async (filter: Parameters<typeof client.messages.list>[0]) => (await client.messages.list(filter)).map(({ sid }) => sid)
    expect(await sids({ to: PERSON })).toEqual([second.sid, first.sid])
    expect(await sids({ to: PERSON, dateSentAfter: new Date(clock.now() - 1_000) })).toEqual([second.sid])
    expect(await sids({ to: PERSON, dateSentBefore: new Date(clock.now() - 1_000) })).toEqual([first.sid])
    expect(await sids({ to: other, from: '+15005550199' })).toEqual([])
    expect(await sids({ to: other, from: simulator.phoneNumber })).toHaveLength(1)
  })

  it('finds a message by the very second of its acceptance, although the clock has milliseconds', async () => {
    const { simulator, client } = await start({ clock: new FakeClock(Date.parse('2026-01-15T10:30:00.900Z')) })
    await client.messages.create(aMessage(simulator))
    expect(await client.messages.list({ dateSentAfter: new Date('2026-01-15T10:30:00.900Z') })).toHaveLength(1)
  })

  it('takes a bare date for the whole day', async () => {
    const { simulator } = await start()
    await twilioSdk(simulator).messages.create(aMessage(simulator))
    const total = async (filter: string) => (await get(simulator, `?${filter}`)).messages.length
    expect(await total('DateSent=2026-01-15')).toBe(1)
    expect(await total('DateSent=2026-01-14')).toBe(0)
    expect(await total('DateSent%3C=2026-01-15')).toBe(1)
    expect(await total('DateSent%3E=2026-01-16')).toBe(0)
  })

  it('pages through everything once, also when a message is accepted between two pages', async () => {
    const { simulator, client } = await start()
    const sent: string[] = []
    for (const body of ['1', '2', '3', '4', '5']) sent.push((await client.messages.create(aMessage(simulator, { body }))).sid)
    const seen: string[] = []
    let page: Pick<Awaited<ReturnType<typeof client.messages.page>>, 'instances' | 'nextPage'> | undefined = await client.messages.page({
      pageSize: 2,
    })
    while (page !== undefined) {
      seen.push(...page.instances.map(({ sid }) => sid))
      await client.messages.create(aMessage(simulator, { body: 'newer' }))
      page = await page.nextPage()
    }
    expect(seen).toEqual(sent.reverse())
  })

  it('hands the whole list to the SDK when it pages by itself', async () => {
    const { simulator, client } = await start()
    for (let count = 0; count < 7; count += 1) await client.messages.create(aMessage(simulator))
    expect(await client.messages.list({ pageSize: 3 })).toHaveLength(7)
  })
})

describe('status callbacks', () => {
  it('reports sent and then delivered, signed over the URL with its query', async () => {
    const { base, received } = await receiver()
    const { simulator, client, clock } = await start({ sentAfterMs: 300, deliveredAfterMs: 700 })
    const statusCallback = `${base}/status?mid=sms-789&attempt=1`
    const { sid } = await client.messages.create(aMessage(simulator, { statusCallback }))

    clock.advance(299)
    expect(simulator.messages()[0]?.status).toBe('queued')
    clock.advance(1)
    await until(() => received.length === 1)
    clock.advance(700)
    await until(() => received.length === 2)

    expect(received.map(({ params }) => [params.MessageSid, params.MessageStatus])).toEqual([
      [sid, 'sent'],
      [sid, 'delivered'],
    ])
    for (const { url, signature, params } of received) {
      expect(url).toBe('/status?mid=sms-789&attempt=1')
      expect(twilio.validateRequest(simulator.authToken, signature, statusCallback, params)).toBe(true)
      expect(twilio.validateRequest('another token', signature, statusCallback, params)).toBe(false)
      expect(twilio.validateRequest(simulator.authToken, signature, statusCallback, { ...params, MessageStatus: 'failed' })).toBe(false)
    }
    await until(() => simulator.webhooks().length === 2)
    expect(simulator.webhooks().map(({ status }) => status)).toEqual([204, 204])
    expect(simulator.messages()[0]?.status).toBe('delivered')
  })

  it.each([
    ['+15005550030', ['sent', undefined], ['undelivered', '30003']],
    ['+15005550038', ['sent', undefined], ['undelivered', '30008']],
    ['+15005550031', ['failed', '30001']],
  ])('ends the way of a message to %s badly', async (to, ...steps) => {
    const { base, received } = await receiver()
    const { simulator, client, clock } = await start()
    await client.messages.create(aMessage(simulator, { to, statusCallback: base }))
    for (const [index, delayMs] of [300, 700].slice(0, steps.length).entries()) {
      clock.advance(delayMs)
      await until(() => received.length === index + 1)
    }
    expect(received.map(({ params }) => [params.MessageStatus, params.ErrorCode])).toEqual(steps)
  })

  it('goes on without a receiver, and keeps the failure for a look', async () => {
    const { base, close } = await openWebhookReceiver()
    await close()
    const { simulator, client, clock } = await start()
    await client.messages.create(aMessage(simulator, { statusCallback: base }))
    clock.advance(1_000)
    await until(() => clock.pending === 2)
    clock.advance(250)
    await until(() => simulator.webhooks().length === 2)
    expect(simulator.messages()[0]?.status).toBe('delivered')
    expect(simulator.webhooks()[0]).toMatchObject({ status: null, error: expect.stringContaining('ECONNREFUSED'), tries: 2 })
  })

  it('come again as often as their address asks, signed over what is requested', async () => {
    const { base, received } = await receiver(500, 503, 403, 502)
    const { simulator, client, clock } = await start()
    await client.messages.create(aMessage(simulator, { to: '+15005550031', statusCallback: `${base}/status?mid=1#rc=5&rp=all` }))
    clock.advance(300)
    for (const [index, pauseMs] of [250, 500, 1_000, 2_000].entries()) {
      await until(() => received.length === index + 1 && clock.pending === 1)
      clock.advance(pauseMs - 1)
      expect(received).toHaveLength(index + 1)
      clock.advance(1)
    }
    await until(() => simulator.webhooks().length === 1)
    expect(simulator.webhooks()).toMatchObject([{ url: `${base}/status?mid=1`, status: 204, tries: 5 }])
    for (const { url, signature, params } of received) {
      expect(url).toBe('/status?mid=1')
      expect(twilio.validateRequest(simulator.authToken, signature, `${base}/status?mid=1`, params)).toBe(true)
    }
  })

  it('are given up after the fifth further try, and after none that was not asked for', async () => {
    const { base, received } = await receiver(...Array.from({ length: 7 }, () => 500))
    const { simulator, client, clock } = await start()
    const send = (fragment: string) =>
      client.messages.create(aMessage(simulator, { to: '+15005550031', statusCallback: `${base}/${fragment}` }))
    await send('#rc=5&rp=all')
    clock.advance(300)
    for (let tries = 1; tries <= 5; tries += 1) {
      await until(() => received.length === tries && clock.pending === 1)
      clock.advance(10_000)
    }
    await until(() => simulator.webhooks().length === 1)
    await send('')
    clock.advance(300)
    await until(() => simulator.webhooks().length === 2)
    expect(simulator.webhooks().map(({ status, tries }) => [status, tries])).toEqual([
      [500, 6],
      [500, 1],
    ])
  })

  it('that wait for a further try end with the simulator', async () => {
    const { base, received } = await receiver(500)
    const { simulator, client, clock } = await start()
    await client.messages.create(aMessage(simulator, { to: '+15005550031', statusCallback: `${base}#rc=5&rp=all` }))
    clock.advance(300)
    await until(() => received.length === 1 && clock.pending === 1)
    await simulator.close()
    expect([clock.pending, received.length]).toEqual([0, 1])
  })

  it('get lost as often as the fault plan says, and the message goes its way', async () => {
    const { base, received } = await receiver()
    const draws = [0.9, 0.01]
    const { simulator, client, clock } = await start({ random: () => draws.shift() ?? 0.9 })
    await simulator.setFaults({ lostCallbacks: 0.026 })
    await client.messages.create(aMessage(simulator, { statusCallback: base }))
    clock.advance(1_000)
    await until(() => received.length === 1)
    expect(received.map(({ params }) => params.MessageStatus)).toEqual(['delivered'])
    expect(simulator.faults()).toMatchObject({ mode: 'ok', lostCallbacks: 0.026 })
  })

  it('forgets planned callbacks when it closes', async () => {
    const { simulator, client, clock } = await start()
    await client.messages.create(aMessage(simulator, { statusCallback: 'http://127.0.0.1:9/' }))
    await simulator.close()
    expect(clock.pending).toBe(0)
  })
})

describe('a reply', () => {
  it('arrives as a signed webhook', async () => {
    const { base, received } = await receiver()
    const { simulator } = await start({ inboundUrl: () => `${base}/inbound` })
    const webhook = await simulator.receive({ from: PERSON, body: 'Yes please' })
    expect(webhook).toMatchObject({ status: 204 })
    const [{ signature, params } = { signature: '', params: {} }] = received
    expect(params).toMatchObject({ From: PERSON, To: simulator.phoneNumber, Body: 'Yes please', NumMedia: '0' })
    expect(twilio.validateRequest(simulator.authToken, signature, `${base}/inbound`, params)).toBe(true)
    expect(simulator.messages()).toEqual([])
  })

  it('of STOP makes Twilio refuse further messages with 21610, until START', async () => {
    const { simulator, client } = await start()
    expect(await simulator.receive({ from: PERSON, body: ' stop ' })).toBeNull()
    await expect(client.messages.create(aMessage(simulator))).rejects.toMatchObject({ status: 400, code: 21610 })
    await simulator.receive({ from: PERSON, body: 'START' })
    await expect(client.messages.create(aMessage(simulator))).resolves.toMatchObject({ status: 'queued' })
  })
})

describe('fault modes', () => {
  async function startWith(faults: TwilioFaultsInput, options?: TwilioSimulatorOptions) {
    const started = await start(options)
    await started.simulator.setFaults(faults)
    return started
  }

  it('error: answers the status and code, and accepts nothing', async () => {
    const { simulator, client } = await startWith({ mode: 'error', status: 503 })
    await expect(client.messages.create(aMessage(simulator))).rejects.toMatchObject({ status: 503, code: 20503 })
    await simulator.setFaults({ mode: 'error', code: 21211 })
    await expect(client.messages.create(aMessage(simulator))).rejects.toMatchObject({ status: 400, code: 21211 })
    expect(simulator.messages()).toEqual([])
  })

  it('rate-limited: 429 with 20429', async () => {
    const { simulator, client } = await startWith({ mode: 'rate-limited' })
    await expect(client.messages.create(aMessage(simulator))).rejects.toMatchObject({ status: 429, code: 20429 })
    expect(simulator.messages()).toEqual([])
  })

  it('timeout: never answers, and accepts nothing', async () => {
    const { simulator } = await startWith({ mode: 'timeout' })
    const impatient = twilioSdk(simulator, { timeoutMs: 100 })
    await expect(impatient.messages.create(aMessage(simulator))).rejects.toMatchObject({ code: 'ECONNABORTED' })
    expect(simulator.messages()).toEqual([])
  })

  it('lost-response: accepts, cuts the connection, and lists what it accepted', async () => {
    const { simulator, client } = await startWith({ mode: 'lost-response' })
    await expect(client.messages.create(aMessage(simulator))).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(simulator.messages()).toHaveLength(1)
    expect(await client.messages.list({ to: PERSON })).toHaveLength(1)
  })

  it('lost-response: still reports the status, so that the sid can be learnt', async () => {
    const { base, received } = await receiver()
    const { simulator, client, clock } = await startWith({ mode: 'lost-response' })
    await expect(client.messages.create(aMessage(simulator, { statusCallback: base }))).rejects.toThrow()
    clock.advance(300)
    await until(() => received.length === 1)
    expect(received[0]?.params.MessageSid).toBe(simulator.messages()[0]?.sid)
  })

  it('bad-json: accepts and answers 201 with half a body', async () => {
    const { simulator, client } = await startWith({ mode: 'bad-json' })
    await expect(client.messages.create(aMessage(simulator))).rejects.toMatchObject({ name: 'SyntaxError' })
    expect(simulator.messages()).toHaveLength(1)
  })

  it('refused: closes the port, and clearing opens the same one', async () => {
    const { simulator, client } = await startWith({ mode: 'refused' })
    const { port } = simulator
    await expect(client.messages.create(aMessage(simulator))).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await simulator.setFaults()
    expect(simulator.port).toBe(port)
    await expect(client.messages.create(aMessage(simulator))).resolves.toMatchObject({ status: 'queued' })
  })

  it('refused: cuts the calls under way', async () => {
    const { simulator, client } = await startWith({ mode: 'timeout' })
    const waiting = client.messages.create(aMessage(simulator))
    await until(() => simulator.callCount() === 1)
    await simulator.setFaults({ mode: 'refused' })
    await expect(waiting).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  it('keeps its port closed when faults are cleared after its end', async () => {
    const { simulator, client } = await startWith({ mode: 'refused' })
    await simulator.close()
    await simulator.setFaults()
    await expect(client.messages.create(aMessage(simulator))).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('latencyMs: accepts at once and answers late', async () => {
    const { simulator, client, clock } = await startWith({ latencyMs: 5_000 })
    let answered = false
    const sending = client.messages.create(aMessage(simulator)).finally(() => {
      answered = true
    })
    await until(() => simulator.messages().length === 1)
    clock.advance(4_999)
    expect(answered).toBe(false)
    clock.advance(1)
    await expect(sending).resolves.toMatchObject({ status: expect.any(String) })
  })

  it('times: hits that many calls and then lets through', async () => {
    const { simulator, client } = await startWith({ mode: 'error', times: 2 })
    await expect(client.messages.create(aMessage(simulator))).rejects.toThrow()
    expect(simulator.faults().times).toBe(1)
    await expect(client.messages.create(aMessage(simulator))).rejects.toThrow()
    await expect(client.messages.create(aMessage(simulator))).resolves.toBeDefined()
    expect(simulator.faults()).toMatchObject({ mode: 'error', times: 0 })
  })

  it('rate: hits its share of calls', async () => {
    const draws = [0.1, 0.4, 0.3, 0.9]
    const { simulator, client } = await startWith({ mode: 'error', rate: 0.4 }, { random: () => draws.shift() ?? 1 })
    const outcomes: string[] = []
    for (let call = 0; call < 4; call += 1)
      outcomes.push(
        await client.messages.create(aMessage(simulator)).then(
          () => 'accepted',
          () => 'hit',
        ),
      )
    expect(outcomes).toEqual(['hit', 'accepted', 'hit', 'accepted'])
  })
})

async function get(simulator: TwilioSimulator, query: string): Promise<{ messages: unknown[] }> {
  const authorization = `Basic ${Buffer.from(`${simulator.accountSid}:${simulator.authToken}`).toString('base64')}`
  const url = `${simulator.url}/2010-04-01/Accounts/${simulator.accountSid}/Messages.json${query}`
  return (await (await fetch(url, { headers: { authorization, connection: 'close' } })).json()) as { messages: unknown[] }
}

describe('a journal', () => {
  async function aFile() {
    const folder = await mkdtemp(join(tmpdir(), 'twilio-'))
    closers.push(() => rm(folder, { recursive: true }))
    return join(folder, 'messages.jsonl')
  }

  it('keeps messages, their status and who said STOP over a restart, also with half a line at its end', async () => {
    const journalFile = await aFile()
    const first = await start({ journalFile })
    await first.client.messages.create(aMessage(first.simulator, { body: 'Delivered' }))
    first.clock.advance(300)
    first.clock.advance(700)
    await first.client.messages.create(aMessage(first.simulator, { body: 'On its way' }))
    await first.simulator.receive({ from: '+15005550102', body: 'STOP' })
    const before = first.simulator.messages()
    await first.simulator.close()
    await appendFile(journalFile, '{"sid":"SM1","to":"+1500')

    for (let restart = 0; restart < 2; restart += 1) {
      const { simulator, client } = await start({ journalFile })
      expect(simulator.messages()).toEqual(before)
      await expect(client.messages.create(aMessage(simulator, { to: '+15005550102' }))).rejects.toMatchObject({ code: 21610 })
      await simulator.close()
    }
  })

  it('lets a delivery that was cut short go on', async () => {
    const journalFile = await aFile()
    const first = await start({ journalFile })
    await first.client.messages.create(aMessage(first.simulator))
    first.clock.advance(300)
    expect(first.simulator.messages()).toMatchObject([{ status: 'sent' }])
    await first.simulator.close()
    const second = await start({ journalFile })
    second.clock.advance(700)
    expect(second.simulator.messages()).toMatchObject([{ status: 'delivered' }])
  })
})
