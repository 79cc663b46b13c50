import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { defineAction, HEADERS, type StandardSchema } from '@org/contracts'
import { z } from '@org/contracts/client'
import { createSyncHarness, type SyncHarness } from '../src/testing/index.js'

/** It takes each answer for one with an order in it. */
const closeOrder = defineAction({
  name: 'order.close',
  path: '/api/orders/close',
  requestSchema: z.strictObject({ orderId: z.string() }),
  responseSchema: z.looseObject({ success: z.literal(true) }),
  lanes: ({ orderId }) => [`order:${orderId}`],
  overlays: ({ orderId }) => [{ table: 'orders', id: orderId, patch: { closed: true } }],
  rows: (answer) => [{ table: 'orders', row: (answer as { order: { current: unknown } }).order.current }],
  ttlMs: 60_000,
  keyRequired: true,
})

let world: SyncHarness
beforeEach(async () => {
  world = await createSyncHarness()
})
afterEach(() => world.close())

const codes = () => world.telemetry.flatMap((event) => (event.type === 'diagnostic' ? [event.code] : []))

test('an action that reads rows where there are none: the click is taken back all the same, and storage is not blamed', async () => {
  await world.goOffline()
  const { id } = world.client.submit(closeOrder, { orderId: 'order-1' })
  await world.settle()
  expect(await world.client.cancel(id)).toBe('cancelled')
  expect(world.client.getMutation(id)).toMatchObject({ phase: 'error', error: { code: 'CANCELLED' } })
  expect(codes()).toEqual(['CALLBACK_THREW'])
})

test.each([
  ['a success', 200, { success: true }, 'success'],
  ['a refusal', 422, { success: false, code: 'CREDIT_LIMIT', error: 'Above the limit.', retryable: false }, 'error'],
])('an action that cannot read %s: it is told, and the click sent once', async (_, status, body, phase) => {
  world.server.next({ status, body, headers: { [HEADERS.idempotencyOutcome]: 'recorded' } })
  const told: string[] = []
  const { id } = world.client.submit(closeOrder, { orderId: 'order-1' }, {}, { onSettled: (view) => told.push(view.phase) })
  await world.advance(60_000)
  expect([world.client.getMutation(id)?.phase, told]).toEqual([phase, [phase]])
  expect(world.server.writes).toHaveLength(1)
  expect(codes()).toEqual(['CALLBACK_THREW'])
})

const TAKES_ANYTHING: StandardSchema<unknown, unknown> = { '~standard': { version: 1, vendor: 'own', validate: (value) => ({ value }) } }
const anything = { ...closeOrder, name: 'order.note', requestSchema: TAKES_ANYTHING, lanes: () => ['order:1'], overlays: () => [] }
const circle: Record<string, unknown> = {}
circle.itself = circle

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a text', 'order-1'],
  ['a list', ['order-1']],
  ['a date', { at: new Date(0) }],
  ['a URL', { at: new URL('https://example.com') }],
  ['a Map', { orders: new Map([['order-1', 1]]) }],
  ['a function', { orderId: () => 'order-1' }],
  ['a big integer', { cents: 1n }],
  ['not a number', { cents: Number.NaN }],
  ['a circle', circle],
  ['what a class writes otherwise', { amount: { cents: 5, toJSON: () => '0.05' } }],
])('a request with %s, which the server would get as something else: refused at the click, and nothing is kept', async (_, request) => {
  expect(() => world.client.submit(anything, request)).toThrow(/^order\.note: the request is not the same after JSON/)
  await world.advance(1_000)
  expect([world.client.getQueue(), world.server.writes]).toEqual([[], []])
})

test('a request with fields that are undefined, a zero below zero and half a character is sent as JSON has it', async () => {
  const { id } = world.client.submit(anything, { note: undefined, cents: -0, half: '\ud800', __proto__: null })
  await world.advance(1_000)
  expect(world.server.writes.map(({ body }) => body)).toEqual(['{"cents":0,"half":"\\ud800"}'])
  expect(world.client.getMutation(id)?.request).toEqual({ cents: 0, half: '\ud800' })
})

describe('a function of a team’s own that throws', () => {
  const throws = (): never => {
    throw new TypeError('Cannot read properties of null')
  }
  const fragile = { ...closeOrder, rows: () => [], overlays: () => [] }

  test.each<[string, object, number, unknown, string]>([
    ['isUntried', { isUntried: throws }, 202, { success: true }, 'checking'],
    [
      'responseSchema',
      { responseSchema: { '~standard': { version: 1, vendor: 'own', validate: throws } } },
      200,
      { success: true },
      'success',
    ],
  ])('%s: the click does not wait for a tab that is believed dead, and storage is not blamed', async (_, parts, status, body, phase) => {
    world.server.next(...Array.from({ length: 20 }, () => ({ status, body, headers: { [HEADERS.idempotencyOutcome]: 'recorded' } })))
    const { id } = world.client.submit({ ...fragile, ...parts } as typeof closeOrder, { orderId: 'order-1' })
    await world.advance(10_000)
    expect(world.client.getMutation(id)?.phase).toBe(phase)
    expect(codes()).not.toContain('STORAGE_REFUSED')
  })

  test.each(['combine', 'remaining'])('%s: a bulk click ends, and can be started over', async (part) => {
    const split = ({ orderId }: { orderId: string }) => orderId.split('').map((id) => ({ orderId: id }))
    const action = { ...fragile, split, partial: true, [part]: throws } as unknown as typeof closeOrder
    world.server.handle(action, () => ({ status: 422, body: { success: false, code: 'CREDIT_LIMIT', error: 'x', retryable: false } }))
    const { id } = world.client.submit(action, { orderId: 'ab' })
    await world.advance(10_000)
    expect(world.client.getMutation(id)).toMatchObject({ phase: 'error', settled: true })
    expect(codes()).not.toContain('STORAGE_REFUSED')
    world.client.retry(id)
    await world.advance(10_000)
    expect(world.server.writes).toHaveLength(4)
  })
})
