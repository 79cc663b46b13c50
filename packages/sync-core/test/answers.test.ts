import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { bookingConfirm, HEADERS, leadUpdateStatus, smsSend } from '@org/contracts'
import { aLead, anAppointment } from '@org/contracts/testing'
import type { MutationError } from '../src/SyncClient.js'
import { createSyncHarness, type SyncHarness } from '../src/testing/index.js'

let world: SyncHarness
beforeEach(async () => {
  world = await createSyncHarness({ rows: { appointments: [anAppointment()], leads: [aLead()] } })
})
afterEach(() => world.close())

const confirm = () => world.client.submit(bookingConfirm, { appointmentId: 'apt-123' })
const sendSms = (message = 'Hi Anna') => world.client.submit(smsSend, { leadId: 'lead-123', message })
const phaseOf = (id: string) => world.client.getMutation(id)?.phase

describe('what counts as an answer', () => {
  test('a captive portal page with status 200 is no answer: the click is kept and sent again', async () => {
    world.server.next({ status: 200, body: undefined, echo: false })
    const { id } = confirm()
    await world.settle()
    expect(phaseOf(id)).toBe('retrying')
    expect(world.client.getMutation(id)?.error?.code).toBe('NO_ECHO')
    await world.advance(1_000)
    expect(phaseOf(id)).toBe('success')
    expect(world.server.effects).toEqual([id])
  })

  test('JSON without the echoed key is no answer either', async () => {
    world.server.next({ status: 200, body: { success: true }, echo: false })
    const { id } = confirm()
    await world.advance(1_000)
    expect(world.server.writes).toHaveLength(2)
    expect(phaseOf(id)).toBe('success')
  })

  test('an answer lost on the way is asked for again with the same key, and takes effect once', async () => {
    world.server.next('lost-response')
    const { id } = sendSms()
    await world.advance(1_000)
    expect(phaseOf(id)).toBe('success')
    expect(world.server.effects).toEqual([id])
    expect(world.server.writes.map(({ key }) => key)).toEqual([id, id])
    expect(world.server.writes[0]?.body).toBe(world.server.writes[1]?.body)
  })

  test('an API that echoes nothing works when the team says so', async () => {
    world.close()
    world = await createSyncHarness({ rows: { appointments: [anAppointment()] }, requireKeyEcho: false })
    world.server.next({
      status: 200,
      body: { success: true, appointment: anAppointment({ status: 'confirmed', version: 2 }) },
      echo: false,
    })
    const { id } = confirm()
    await world.settle()
    expect(phaseOf(id)).toBe('success')
  })
})

describe('retry', () => {
  test('shows five attempts, then goes on in the background until it succeeds', async () => {
    world.server.next(...Array.from({ length: 7 }, () => 'network' as const))
    const { id } = confirm()
    const seen: string[] = []
    const look = () => {
      const view = world.client.getMutation(id)
      if (view) seen.push(`${view.phase} ${view.attempt}`)
    }
    look()
    world.client.subscribeMutation(id, look)
    await world.advance(5 * 60_000)
    expect([...new Set(seen)].slice(0, 12)).toEqual([
      'running 0',
      'running 1',
      'retrying 1',
      'retrying 2',
      'retrying 3',
      'retrying 4',
      'retrying 5',
      'queued 5',
      'queued 6',
      'queued 7',
      'queued 8',
      'success 8',
    ])
    expect(world.server.effects).toEqual([id])
  })

  test('503 waits as long as the server asks, and no other mutation of the origin is sent meanwhile', async () => {
    world.server.next({
      status: 503,
      body: { success: false, error: 'down', code: 'STORE_UNAVAILABLE' },
      headers: { [HEADERS.retryAfter]: '30' },
    })
    confirm()
    await world.settle()
    sendSms()
    await world.advance(29_000)
    expect(world.server.writes).toHaveLength(1)
    await world.advance(8_000)
    expect(world.server.effects).toHaveLength(2)
  })

  test('an open circuit breaker tells once, keeps the click, rests that action alone, and then sends it', async () => {
    const open = {
      success: false,
      error: 'SMS service temporarily unavailable',
      code: 'CIRCUIT_BREAKER_OPEN',
      retrying: true,
      retryable: true,
    }
    world.server.next({ status: 503, body: open, headers: { [HEADERS.retryAfter]: '30' } })
    const errors: MutationError[] = []
    const { id } = world.client.submit(smsSend, { leadId: 'lead-123', message: 'Hi' }, {}, { onError: (error) => errors.push(error) })
    await world.settle()
    expect(phaseOf(id)).toBe('circuit-open')
    expect(errors.map(({ code, willRetry, message }) => [code, willRetry, message])).toEqual([['CIRCUIT_BREAKER_OPEN', true, open.error]])
    const other = confirm()
    await world.settle()
    expect(phaseOf(other.id)).toBe('success')
    await world.advance(40_000)
    expect(phaseOf(id)).toBe('success')
    expect(errors).toHaveLength(1)
  })

  test('whoever waits behind an open circuit breaker is told when it will be tried', async () => {
    const body = { success: false, error: 'SMS service temporarily unavailable', code: 'CIRCUIT_BREAKER_OPEN', retryable: true }
    world.server.next({ status: 503, body, headers: { [HEADERS.retryAfter]: '30' } })
    sendSms('first')
    const { id } = sendSms('second')
    const told: unknown[] = []
    world.client.subscribeMutation(id, () => told.push(phaseOf(id)))
    await world.settle()
    expect(told.at(-1)).toBe('circuit-open')
    expect(world.client.getMutation(id)?.nextRetryAt).toBeGreaterThan(world.clock.now())
  })

  test('whoever waited behind a circuit breaker is told that it is closed, also who has not been sent yet', async () => {
    const body = { success: false, error: 'SMS service temporarily unavailable', code: 'CIRCUIT_BREAKER_OPEN', retryable: true }
    world.close()
    world = await createSyncHarness({
      parallel: 1,
      rows: { leads: [0, 1, 2].map((index) => aLead({ id: `lead-${index}` })) },
      // Slow answers, so that only what is sent is claimed; the second never ends.
      wrapTransport: (transport) => ({
        send: async (request) => {
          if (request.body !== undefined) await new Promise<void>((resolve) => world.clock.setTimer(resolve, 200))
          return request.body?.includes('second') ? new Promise<never>(() => {}) : transport.send(request)
        },
      }),
    })
    world.server.next({ status: 503, body, headers: { [HEADERS.retryAfter]: '30' } })
    const [, , third] = ['first', 'second', 'third'].map((message, index) =>
      world.client.submit(smsSend, { leadId: `lead-${index}`, message }),
    )
    const told: unknown[] = []
    world.client.subscribeMutation(third!.id, () => told.push(phaseOf(third!.id)))
    await world.advance(1_000)
    expect(told.at(-1)).toBe('circuit-open')
    await world.advance(40_000)
    expect(world.server.effects).toHaveLength(1)
    // It waits for a place on the network alone.
    expect(told.slice(-2)).toEqual(['running', 'queued'])
  })

  test('a busy row rests that mutation alone', async () => {
    world.server.next('ROW_BUSY')
    const { id } = confirm()
    await world.settle()
    expect(phaseOf(sendSms().id)).toBe('running')
    await world.settle()
    expect(world.server.effects).toHaveLength(1)
    await world.advance(2_000)
    expect(phaseOf(id)).toBe('success')
  })

  test('a refusal that is still in progress is asked again with the same key', async () => {
    world.server.next('IDEMPOTENCY_IN_PROGRESS')
    const { id } = confirm()
    await world.advance(2_000)
    expect(phaseOf(id)).toBe('success')
    expect(world.server.writes.map(({ key }) => key)).toEqual([id, id])
  })

  test('a code this client does not know is no reason to give up', async () => {
    world.server.next({ status: 422, body: { success: false, error: 'new rule', code: 'FROM_THE_FUTURE' } })
    const { id } = confirm()
    await world.advance(1_000)
    expect(phaseOf(id)).toBe('success')
  })

  test('ten answers of 500 in a row make it a probe that checks now and then; a person may let it be tried at once', async () => {
    world.server.next(...Array.from({ length: 10 }, () => 'INTERNAL' as const))
    const { id } = confirm()
    while (world.client.getQueue()[0]?.state !== 'blocked') await world.advance(10_000)
    expect(phaseOf(id)).toBe('checking')
    expect(world.client.getConnectivity()).toMatchObject({ pendingCount: 1, attentionCount: 0 })
    world.client.retry(id)
    await world.settle()
    expect(phaseOf(id)).toBe('success')
    expect(world.server.effects).toEqual([id])
  })
})

describe('endings', () => {
  test('202 is checked with the same key until the server is done, and holds no lane', async () => {
    world.server.next({ status: 202, body: { success: true }, headers: { [HEADERS.retryAfter]: '5' } })
    const first = sendSms('one')
    await world.settle()
    expect(phaseOf(first.id)).toBe('checking')
    const second = sendSms('two')
    await world.settle()
    expect(phaseOf(second.id)).toBe('success')
    await world.advance(7_000)
    expect(phaseOf(first.id)).toBe('success')
    expect(world.server.writes.map(({ key }) => key)).toEqual([first.id, second.id, first.id])
  })

  test('a version conflict shows the row of the server and folds the provisional change away', async () => {
    world.server.seed('appointments', [anAppointment({ version: 5, notes: 'moved' })])
    const { id } = world.client.submit(bookingConfirm, { appointmentId: 'apt-123' }, { seenVersion: 1 })
    await world.settle()
    expect(world.client.getMutation(id)).toMatchObject({
      phase: 'conflict',
      error: { code: 'VERSION_CONFLICT', row: { version: 5, notes: 'moved' } },
    })
    expect(world.client.getRow('appointments', 'apt-123')?.row).toMatchObject({ status: 'pending', version: 5 })
  })

  test('a rejection nobody sees becomes a dead letter; one that a mounted button shows does not', async () => {
    world.server.next('NOT_FOUND', 'NOT_FOUND')
    const unseen = confirm()
    await world.settle()
    expect(world.client.getQueue()).toMatchObject([{ id: unseen.id, state: 'dead', lastError: { code: 'NOT_FOUND' } }])
    world.client.subscribeLane('lead:lead-123:sms', () => {})
    const seen = sendSms()
    await world.settle()
    expect(phaseOf(seen.id)).toBe('error')
    expect(world.client.getQueue()).toHaveLength(1)
    expect(await world.client.discard(unseen.id)).toBe('cancelled')
    expect(world.client.getQueue()).toEqual([])
  })

  test('already confirmed is an error to the caller and no dead letter', async () => {
    world.server.seed('appointments', [anAppointment({ status: 'confirmed', version: 2 })])
    const errors: string[] = []
    world.client.submit(bookingConfirm, { appointmentId: 'apt-123' }, {}, { onError: ({ code }) => errors.push(code) })
    await world.settle()
    expect(errors).toEqual(['ALREADY_CONFIRMED'])
    expect(world.client.getQueue()).toEqual([])
    expect(world.client.getRow('appointments', 'apt-123')?.row.version).toBe(2)
  })

  test('an expired click was not carried out; a person may send it now, with a new key', async () => {
    world.server.next({
      status: 410,
      body: { success: false, error: 'old', code: 'ACTION_EXPIRED' },
      headers: { [HEADERS.idempotencyOutcome]: 'recorded' },
    })
    const { id } = sendSms()
    await world.settle()
    expect(world.client.getMutation(id)).toMatchObject({ phase: 'error', error: { code: 'ACTION_EXPIRED' } })
    world.client.retry(id)
    await world.settle()
    expect(world.server.effects).toHaveLength(1)
    expect(world.server.effects[0]).not.toBe(id)
    expect(world.client.getQueue()).toEqual([])
  })

  test('retry after a refusal makes a new key and uses the version the row has now', async () => {
    world.client.subscribeLane('lead:lead-123:status', () => {})
    world.server.seed('leads', [aLead({ version: 7 })])
    const { id } = world.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'contacted' }, { seenVersion: 1 })
    await world.settle()
    expect(phaseOf(id)).toBe('conflict')
    world.client.retry(id)
    await world.settle()
    const latest = world.client.getLatestInLane('lead:lead-123:status', 'lead.updateStatus')
    expect(latest).toMatchObject({ phase: 'success' })
    expect(latest?.id).not.toBe(id)
  })
})

describe('ambiguous', () => {
  const lostThenRefused = async () => {
    world.server.next('timeout', 'NOT_FOUND')
    const submitted = confirm()
    await world.advance(2_000)
    return submitted
  }

  test('a refusal after an attempt that may have arrived is settled only by asking what stands', async () => {
    const { id } = await lostThenRefused()
    expect(world.server.requests.filter(({ path }) => path === `/api/mutations/${id}/resolve`)).toHaveLength(1)
    expect(world.client.getMutation(id)).toMatchObject({ phase: 'error', error: { code: 'NOT_FOUND' } })
    expect(world.server.effects).toEqual([])
  })

  test('when the earlier attempt did take effect, the person sees the success', async () => {
    world.server.next('lost-response', 'FORBIDDEN')
    const { id } = confirm()
    await world.advance(2_000)
    expect(world.client.getMutation(id)).toMatchObject({ phase: 'success', data: { appointment: { status: 'confirmed' } } })
    expect(world.server.effects).toEqual([id])
  })

  test.each([[{ code: 'LAW' }], [{ code: 'LAW', error: '' }], [{ code: 'LAW', error: ' \n' }], [{ code: 'LAW', error: { en: 'no' } }]])(
    'a refusal that says nothing to a person still reads as a sentence: %j',
    async (body) => {
      world.server.next({ status: 451, body: { success: false, retryable: false, ...body } })
      const id = world.client.submit(leadUpdateStatus, { leadId: 'lead-1', status: 'contacted' }).id
      await world.settle()
      expect(world.client.getMutation(id)?.error).toMatchObject({ code: 'LAW', message: 'The server gave no reason (LAW).' })
    },
  )

  test('a recorded refusal settles it without a question', async () => {
    world.server.next('timeout')
    world.server.seed('appointments', [anAppointment({ status: 'cancelled', version: 2 })])
    world.server.next({
      status: 409,
      body: { success: false, error: 'no', code: 'NOT_CONFIRMABLE' },
      headers: { [HEADERS.idempotencyOutcome]: 'recorded' },
    })
    const { id } = confirm()
    await world.advance(2_000)
    expect(phaseOf(id)).toBe('error')
    expect(world.server.requests.some(({ path }) => path.endsWith('/resolve'))).toBe(false)
  })

  test('unknown stays visible; trying again asks what stands first', async () => {
    world.server.next('timeout', 'OUTCOME_UNKNOWN')
    const { id } = confirm()
    await world.advance(2_000)
    expect(phaseOf(id)).toBe('unknown')
    expect(world.client.getConnectivity()).toMatchObject({ pendingCount: 0, attentionCount: 1 })
    world.client.retry(id)
    await world.settle()
    expect(world.server.requests.filter(({ path }) => path.endsWith('/resolve'))).toHaveLength(1)
    expect(world.server.effects).toHaveLength(1)
    expect(world.server.effects).not.toContain(id)
  })

  describe('to an API that echoes no keys', () => {
    const lostThenRefused = async (hidesLedger: boolean) => {
      world.close()
      world = await createSyncHarness({ rows: { appointments: [anAppointment()] }, requireKeyEcho: false })
      world.server.hidesLedger = hidesLedger
      world.server.next('lost-response', { status: 409, body: { success: false, error: 'no', code: 'ALREADY_CONFIRMED' }, echo: false })
      const { id } = confirm()
      await world.advance(2_000)
      return id
    }

    test('a refusal after an attempt that may have arrived is no proof: where nobody keeps a ledger, it is left open', async () => {
      expect(phaseOf(await lostThenRefused(true))).toBe('unknown')
    })

    test('... and where one is kept, it is asked', async () => {
      expect(phaseOf(await lostThenRefused(false))).toBe('success')
    })
  })
})
