import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { defineAction, HEADERS } from '@org/contracts'
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
