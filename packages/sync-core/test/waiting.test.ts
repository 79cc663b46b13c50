import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { bookingConfirm, HEADERS, leadBulkUpdateStatus, leadUpdateStatus } from '@org/contracts'
import { aLead, anAppointment } from '@org/contracts/testing'
import { createSyncHarness, type FakeAnswer, type SyncHarness } from '../src/testing/index.js'

let world: SyncHarness
beforeEach(async () => {
  world = await createSyncHarness({ rows: { appointments: [anAppointment()], leads: [aLead()] } })
})
afterEach(() => world.close())

const confirm = () => world.client.submit(bookingConfirm, { appointmentId: 'apt-123' })
const phaseOf = (id: string) => world.client.getMutation(id)?.phase

/** The same answer for as long as the test lasts. */
function always(answer: FakeAnswer): void {
  world.server.next(...Array.from({ length: 2_000 }, () => answer))
}

const bodies: Record<number, unknown> = {
  202: { success: true },
  429: { success: false, error: 'x', code: 'RATE_LIMITED' },
  503: { success: false, error: 'x', code: 'STORE_UNAVAILABLE' },
}

describe('an answer that asks for no wait is no permission to hammer', () => {
  const asked = ['0', '-5', 'soon', 'Mon, 01 Jan 2001 00:00:00 GMT']
  test.each(Object.keys(bodies).flatMap((status) => asked.map((retryAfter) => [Number(status), retryAfter] as const)))(
    '%i with Retry-After: %s',
    async (status, retryAfter) => {
      always({ status, body: bodies[status], headers: { [HEADERS.retryAfter]: retryAfter } })
      confirm()
      await world.advance(8_000)
      expect(world.server.writes.length).toBeLessThanOrEqual(12)
      expect(world.server.writes.length).toBeGreaterThan(2)
    },
  )

  test('nor is a key that is still in progress', async () => {
    const body = { success: false, error: 'x', code: 'IDEMPOTENCY_IN_PROGRESS' }
    always({ status: 409, body, headers: { [HEADERS.retryAfter]: '0' } })
    confirm()
    await world.advance(8_000)
    expect(world.server.writes.length).toBeLessThanOrEqual(8)
  })
})

test('a date is counted on the clock of the server that wrote it, however wrong this device is', async () => {
  const serverNow = world.clock.now()
  world.clock.step(3_600_000)
  const headers = { [HEADERS.retryAfter]: new Date(serverNow + 5_000).toUTCString(), Date: new Date(serverNow).toUTCString() }
  world.server.next({ status: 503, body: bodies[503]!, headers })
  const { id } = confirm()
  await world.advance(4_500)
  expect(world.server.writes).toHaveLength(1)
  await world.advance(2_000)
  expect(world.server.effects).toEqual([id])
})

describe('a proxy that asks to wait', () => {
  test.each([503, 429])('with %i is obeyed as the server is, and its page counts for nothing else', async (status) => {
    const page = { status, body: undefined, echo: false, headers: { [HEADERS.retryAfter]: '20' } }
    world.server.next(page, page, page, page)
    const { id } = confirm()
    await world.advance(19_900)
    expect(world.server.writes).toHaveLength(1)
    await world.advance(5_000)
    expect(world.server.writes).toHaveLength(2)
    expect(world.client.getQueue()).toMatchObject([{ id, state: 'queued' }])
    await world.advance(80_000)
    expect(phaseOf(id)).toBe('success')
  })

  test('rests the others of that origin as well', async () => {
    world.server.next({ status: 503, body: undefined, echo: false, headers: { [HEADERS.retryAfter]: '20' } })
    confirm()
    await world.settle()
    world.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'contacted' })
    await world.advance(19_900)
    expect(world.server.writes).toHaveLength(1)
    await world.advance(10_000)
    expect(world.server.effects).toHaveLength(2)
  })
})

test("a team's own refusal that says it is final ends the click with the server's words", async () => {
  const body = { success: false, error: 'Above your credit limit.', code: 'CREDIT_LIMIT', retryable: false }
  world.server.next({ status: 422, body, headers: { [HEADERS.idempotencyOutcome]: 'recorded' } })
  const { id } = confirm()
  await world.settle()
  expect(world.client.getMutation(id)).toMatchObject({
    phase: 'error',
    error: { code: 'CREDIT_LIMIT', message: 'Above your credit limit.', willRetry: false },
  })
  expect(world.server.writes).toHaveLength(1)
})

describe('a view says what keeps it waiting', () => {
  const waitsFor = (id: string) => world.client.getMutation(id)?.waitsFor

  test('the network, until that is back; and nothing of what has ended', async () => {
    await world.goOffline()
    const { id } = confirm()
    await world.settle()
    expect(waitsFor(id)).toBe('network')
    await world.goOnline()
    await world.advance(5_000)
    expect([phaseOf(id), waitsFor(id)]).toEqual(['success', undefined])
    await world.goOffline()
    expect(waitsFor(id)).toBeUndefined()
  })

  test('why it is not known who is signed in, and whoever looks at it is told', async () => {
    let isKnown = true
    const getAccessToken = async () => {
      if (!isKnown) throw new Error('The session service does not answer.')
      return 'token'
    }
    const other = await createSyncHarness({ rows: { appointments: [anAppointment()] }, getAccessToken })
    isKnown = false
    const { id } = other.client.submit(bookingConfirm, { appointmentId: 'apt-123' })
    const told: unknown[] = []
    other.client.subscribeMutation(id, () => told.push(other.client.getMutation(id)?.waitsFor))
    await other.advance(1_000)
    expect(other.client.getMutation(id)?.waitsFor).toBe('token-unavailable')
    expect(told).toContain('token-unavailable')
    isKnown = true
    await other.advance(60_000)
    expect(other.client.getMutation(id)).toMatchObject({ phase: 'success', waitsFor: undefined })
    other.close()
  })
})

describe('a click that the server has asked to wait with, like all others', () => {
  const asked = { [HEADERS.retryAfter]: '20' }
  test.each([
    ['a proxy', { status: 503, body: undefined, echo: false, headers: asked }],
    ['an overloaded server', { status: 503, body: { success: false, error: 'x', code: 'OVERLOADED' }, headers: asked }],
  ])('by %s is not said to be sent, and says until when it waits', async (_, answer) => {
    world.server.next(answer)
    confirm()
    await world.settle()
    const { id } = world.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'contacted' })
    await world.settle()
    const { nextRetryAt, ...view } = world.client.getMutation(id)!
    expect(view).toMatchObject({ phase: 'queued', attempt: 0, waitsFor: undefined })
    expect(nextRetryAt! - world.clock.now()).toBeGreaterThanOrEqual(20_000)
    await world.advance(30_000)
    expect(phaseOf(id)).toBe('success')
  })
})

test('while all that is pending was tried in vain, or has to wait, the whole says so', async () => {
  const waits = () => world.client.getConnectivity()
  expect(waits()).toMatchObject({ pendingCount: 0, waitsForServer: false })
  world.server.hold()
  confirm()
  await world.settle()
  expect(waits()).toMatchObject({ pendingCount: 1, waitsForServer: false })
  world.server.next({ status: 503, body: undefined, echo: false, headers: { [HEADERS.retryAfter]: '20' } })
  world.server.release()
  await world.settle()
  world.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'contacted' })
  await world.settle()
  expect(waits()).toMatchObject({ pendingCount: 2, waitsForServer: true })
  await world.advance(30_000)
  expect(waits()).toMatchObject({ pendingCount: 0, waitsForServer: false })
})

describe('a click behind another one of its lane', () => {
  const setTo = (status: string) => world.client.submit(leadUpdateStatus, { leadId: 'lead-123', status })
  /** The first is refused for a while, the second waits for it. */
  async function twoInALane() {
    always({ status: 503, body: bodies[503]!, headers: { [HEADERS.retryAfter]: '20' } })
    const first = setTo('contacted')
    await world.settle()
    const second = setTo('qualified')
    await world.settle()
    return { first, second }
  }

  test('is not said to be sent while that one waits itself', async () => {
    const { first, second } = await twoInALane()
    expect(phaseOf(first.id)).toBe('retrying')
    expect(world.client.getMutation(second.id)).toMatchObject({ phase: 'queued', attempt: 0, settled: false })
  })

  test('shows what the first attempts are shown as, while that one is sent for the first time', async () => {
    world.server.hold()
    setTo('contacted')
    await world.settle()
    const { id } = setTo('qualified')
    await world.settle()
    expect(phaseOf(id)).toBe('running')
    world.server.release()
    await world.settle()
    expect(phaseOf(id)).toBe('success')
  })

  test('tells whoever looks at it alone when that one comes to a halt, and when it goes on', async () => {
    world.server.hold()
    world.server.next('STORE_UNAVAILABLE')
    setTo('contacted')
    await world.settle()
    const { id } = setTo('qualified')
    await world.settle()
    const seen: unknown[] = []
    world.client.subscribeMutation(id, () => phaseOf(id) !== seen.at(-1) && seen.push(phaseOf(id)))
    world.server.release()
    await world.settle()
    expect(seen).toEqual(['queued'])
    await world.advance(60_000)
    expect(seen).toEqual(['queued', 'running', 'success'])
  })

  test('a bulk of which one row waits so says it too', async () => {
    world.server.next('STORE_UNAVAILABLE')
    setTo('contacted')
    await world.settle()
    const { id } = world.client.submit(leadBulkUpdateStatus, { leadIds: ['lead-123', 'lead-124'], status: 'qualified' })
    await world.settle()
    expect(world.client.getMutation(id)).toMatchObject({ phase: 'queued', attempt: 0 })
  })

  test('"try now" tries that one too', async () => {
    const { first, second } = await twoInALane()
    world.server.clearPlan()
    world.client.retry(second.id)
    await world.advance(1_000)
    expect([phaseOf(first.id), phaseOf(second.id)]).toEqual(['success', 'success'])
  })
})

describe('a click for which there is no place on the network', () => {
  const CLICKS = 6
  const clickAll = () =>
    Array.from({ length: CLICKS }, (_, index) => world.client.submit(leadUpdateStatus, { leadId: `lead-${index}`, status: 'contacted' }).id)

  test('is not said to be sent once that lasts longer than a moment, and can be undone', async () => {
    world.server.hold()
    const ids = clickAll()
    await world.advance(900)
    expect(ids.map(phaseOf)).toEqual(Array(CLICKS).fill('running'))
    const told: (string | undefined)[] = []
    world.client.subscribeMutation(ids[5]!, () => told.push(phaseOf(ids[5]!)))
    await world.advance(200)
    expect(ids.map(phaseOf)).toEqual(['running', 'running', 'running', 'running', 'queued', 'queued'])
    expect(told).toEqual(['queued'])
    expect(await world.client.cancel(ids[5]!)).toBe('cancelled')
    expect(world.server.writes).toHaveLength(4)
    world.server.release()
    await world.advance(1_000)
    expect(world.server.writes.map(({ key }) => key)).toEqual(ids.slice(0, 5))
  })

  test('is shown as before where the server is quick', async () => {
    const seen = new Set<string | undefined>()
    const ids = clickAll()
    for (const id of ids) world.client.subscribeMutation(id, () => seen.add(phaseOf(id)))
    await world.advance(5_000)
    expect([...seen].sort()).toEqual(['error', 'running'])
  })

  test('counts for nothing any more once there is one', async () => {
    world.server.hold()
    clickAll()
    await world.advance(1_100)
    world.server.release()
    await world.advance(1_000)
    world.server.hold()
    const { id } = confirm()
    await world.advance(100)
    expect(phaseOf(id)).toBe('running')
    world.server.release()
  })
})

describe('the clock steps back by ten minutes while a click waits', () => {
  test.each<[string, FakeAnswer]>([
    ['for the server', { status: 503, body: bodies[503], headers: { [HEADERS.retryAfter]: '5' } }],
    ['for its action', { status: 429, body: bodies[429], headers: { [HEADERS.retryAfter]: '5' } }],
    ['by itself', { status: 500, body: { success: false, error: 'x', code: 'INTERNAL' } }],
  ])('%s: it is sent as soon as before', async (_, answer) => {
    world.server.next(answer)
    const { id } = confirm()
    await world.settle()
    world.clock.step(-600_000)
    await world.advance(8_000)
    expect(world.server.effects).toEqual([id])
  })

  test('and no quicker than its backoff allows from then on', async () => {
    always({ status: 503, body: bodies[503] })
    confirm()
    await world.settle()
    world.clock.step(-600_000)
    await world.advance(8_000)
    expect(world.server.writes.length).toBeLessThanOrEqual(12)
  })
})
