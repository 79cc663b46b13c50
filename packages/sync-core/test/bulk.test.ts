import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { leadBulkUpdateStatus, leadUpdateStatus } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import type { MutationError, MutationProgress } from '../src/SyncClient.js'
import { createSyncHarness, type SyncHarness } from '../src/testing/index.js'

const ids = Array.from({ length: 450 }, (_, index) => `lead-${index}`)
let world: SyncHarness
beforeEach(async () => {
  world = await createSyncHarness({ rows: { leads: ids.map((id) => aLead({ id })) } })
})
afterEach(() => world.close())

const submit = (leadIds = ids, callbacks = {}) => world.client.submit(leadBulkUpdateStatus, { leadIds, status: 'contacted' }, {}, callbacks)

test('children of 200 rows with keys of their own become one answer, with progress in rows', async () => {
  const { id } = submit()
  const seen: MutationProgress[] = []
  world.client.subscribeMutation(id, () => {
    const progress = world.client.getMutation(id)?.progress
    if (progress && progress !== seen.at(-1)) seen.push(progress)
  })
  await world.settle()
  expect(world.server.effects.toSorted()).toEqual([`${id}_0001`, `${id}_0002`, `${id}_0003`])
  expect(world.client.getMutation(id)).toMatchObject({
    phase: 'success',
    data: { updated: 450, failed: 0, message: '450 leads updated to contacted' },
  })
  expect(seen.at(-1)).toEqual({ processed: 450, total: 450, failed: 0 })
  expect(world.client.getQueue()).toEqual([])
  expect(world.client.getRow('leads', 'lead-449')).toMatchObject({ row: { status: 'contacted', version: 2 }, pendingIds: [] })
})

test.each([1_001, 2_500])('%i leads, more than one request may hold, are split further by themselves', async (count) => {
  const many = Array.from({ length: count }, (_, index) => `many-${index}`)
  world.server.seed(
    'leads',
    many.map((id) => aLead({ id })),
  )
  const { id } = submit(many)
  const parts = Math.ceil(count / 200)
  expect(world.client.getMutation(id)?.progress).toEqual({ processed: 0, total: count, failed: 0 })
  await world.advance(10_000)
  expect(world.server.writes.map(({ body }) => JSON.parse(body ?? '').leadIds.length).filter((size) => size > 200)).toEqual([])
  expect(new Set(world.server.effects).size).toBe(parts)
  expect(world.server.effects).toHaveLength(parts)
  expect(world.client.getMutation(id)).toMatchObject({ phase: 'success', data: { updated: count, failed: 0 } })
  expect(world.client.getMutation(id)?.progress).toEqual({ processed: count, total: count, failed: 0 })
})

test('the same lead named more often than one request may hold is one lead', async () => {
  const { id } = submit(Array.from({ length: 1_500 }, () => 'lead-0'))
  await world.settle()
  expect(world.client.getMutation(id)).toMatchObject({ phase: 'success', data: { updated: 1 } })
  expect(world.server.writes.map(({ body }) => JSON.parse(body ?? '').leadIds)).toEqual([['lead-0']])
})

test('what one request may not hold for another reason is refused however it is split', () => {
  expect(() => submit([...ids, 'x'.repeat(129)])).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' }))
  expect(() => submit([])).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' }))
  expect(() => submit('lead-0' as never)).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' }))
})

test('counts as one in the queue, and resumes after a reload with the children that are left', async () => {
  world.server.next({ status: 200, body: undefined, echo: false }, { status: 200, body: undefined, echo: false })
  const { id } = submit()
  await world.settle()
  expect(world.client.getMutation(id)?.progress).toEqual({ processed: 50, total: 450, failed: 0 })
  await world.goOffline()
  await world.reload()
  expect(world.client.getQueue()).toMatchObject([{ id, action: 'lead.bulkUpdateStatus' }])
  expect(world.client.getConnectivity().pendingCount).toBe(1)
  const told: number[] = []
  world.client.adopt?.(id, { onSuccess: (data) => told.push((data as { updated: number }).updated) })
  await world.goOnline()
  await world.advance(10_000)
  expect(world.client.getMutation(id)?.phase).toBe('success')
  expect(told).toEqual([450])
})

test('some that fail make it partial, with the counts and each lead', async () => {
  const errors: MutationError[] = []
  const { id } = submit([...ids, 'gone-1', 'gone-2'], { onError: (error: MutationError) => errors.push(error) })
  await world.settle()
  expect(world.client.getMutation(id)).toMatchObject({ phase: 'partial', progress: { processed: 452, total: 452, failed: 2 } })
  expect(errors).toMatchObject([
    {
      updated: 450,
      failed: 2,
      failures: [
        { leadId: 'gone-1', code: 'NOT_FOUND' },
        { leadId: 'gone-2', code: 'NOT_FOUND' },
      ],
    },
  ])
  expect(world.client.getRow('leads', 'gone-1')).toBeUndefined()
})

test('a refused child counts each of its leads as failed', async () => {
  world.server.next('FORBIDDEN')
  const { id } = submit()
  await world.settle()
  expect(world.client.getMutation(id)).toMatchObject({ phase: 'partial', error: { updated: 250, failed: 200 }, progress: { failed: 200 } })
})

test('a child of an unknown ending leaves the whole to a person, who may ask what stands', async () => {
  const unknown = { status: 410, body: { success: false, error: '?', code: 'OUTCOME_UNKNOWN' } }
  world.server.next('timeout')
  const { id } = submit(ids.slice(0, 201))
  await world.settle()
  world.server.next(unknown)
  await world.advance(2_000)
  expect(world.client.getMutation(id)).toMatchObject({ phase: 'unknown', settled: true, progress: { processed: 1, total: 201 } })
  expect(world.client.getConnectivity()).toMatchObject({ pendingCount: 0, attentionCount: 1 })
  world.client.retry(id)
  await world.settle()
  expect(world.client.getMutation(id)).toMatchObject({ phase: 'partial', error: { updated: 1, failed: 200 } })
})

test('few leads are one request', async () => {
  const { id } = submit(ids.slice(0, 3))
  await world.settle()
  expect(world.server.effects).toEqual([id])
  expect(world.client.getMutation(id)).toMatchObject({ phase: 'success', progress: { processed: 3, total: 3 } })
})

test('of which a part has been sent, it counts as attempted, whatever the others wait for', async () => {
  world.server.next('network')
  world.client.submit(leadUpdateStatus, { leadId: 'lead-0', status: 'qualified' })
  await world.settle()
  const { id } = submit()
  expect(world.client.getMutation(id)).toMatchObject({ phase: 'queued', attempt: 0 })
  await world.settle()
  expect(world.client.getMutation(id)).toMatchObject({ phase: 'queued', attempt: 1, progress: { processed: 250, total: 450 } })
})

test('cancelled offline, nothing of it is sent', async () => {
  await world.goOffline()
  const { id, settled } = submit()
  await world.settle()
  expect(await world.client.cancel(id)).toBe('cancelled')
  await world.settle()
  expect((await settled).error?.code).toBe('CANCELLED')
  await world.goOnline()
  await world.advance(10_000)
  expect(world.server.writes).toEqual([])
  expect(world.client.getQueue()).toEqual([])
})

test.each([
  ['as one request', ids.slice(0, 3)],
  ['in parts', ids],
])('followed by a change of one of its leads, it is no conflict of a person with herself: %s', async (_, leadIds) => {
  await world.goOffline()
  const bulk = submit(leadIds)
  const single = world.client.submit(leadUpdateStatus, { leadId: 'lead-1', status: 'negotiating' }, { seenVersion: 1 })
  const again = world.client.submit(leadBulkUpdateStatus, { leadIds: leadIds.slice(0, 2), status: 'qualified' })
  await world.goOnline()
  await world.advance(10_000)
  for (const { id } of [bulk, single, again]) expect(world.client.getMutation(id)).toMatchObject({ phase: 'success' })
  expect(world.client.getRow('leads', 'lead-1')?.row).toMatchObject({ status: 'qualified', version: 4 })
})

test('in part, it still leaves behind the versions of the leads it changed', async () => {
  await world.goOffline()
  submit([...ids.slice(0, 2), 'gone'])
  const single = world.client.submit(leadUpdateStatus, { leadId: 'lead-1', status: 'negotiating' }, { seenVersion: 1 })
  await world.goOnline()
  await world.advance(10_000)
  expect(world.client.getMutation(single.id)?.phase).toBe('success')
})

describe('an ending that is no success', () => {
  const refuse = () => world.server.next('FORBIDDEN')

  test.each([
    ['refused, as one request', ids.slice(0, 3), 'error'],
    ['refused in part', ids, 'partial'],
  ])('waits for someone to see it: %s', async (_, leadIds, phase) => {
    await world.goOffline()
    const { id } = submit(leadIds)
    await world.settle()
    await world.reload()
    // A row's own button looks at the lane, and shows nothing of it.
    world.client.subscribeLane('lead:lead-0:status', () => {})
    refuse()
    await world.goOnline()
    await world.advance(10_000)
    expect(world.client.getQueue()).toMatchObject([{ id, state: 'dead' }])
    expect(world.client.getConnectivity()).toMatchObject({ pendingCount: 0, attentionCount: 1 })
    await world.reload()
    expect(world.client.getMutation(id)?.phase).toBe(phase)
    expect(world.client.getQueue()).toMatchObject([{ id }])
    expect(await world.client.discard(id)).toBe('cancelled')
    expect(world.client.getConnectivity().attentionCount).toBe(0)
  })

  test('is seen where a component shows it', async () => {
    await world.goOffline()
    const { id } = submit()
    world.client.subscribeMutation(id, () => {})
    refuse()
    await world.goOnline()
    await world.advance(10_000)
    expect(world.client.getMutation(id)?.phase).toBe('partial')
    expect(world.client.getQueue()).toEqual([])
  })

  test('tried again, asks for the failed ones alone, and for none that would fail again', async () => {
    refuse()
    const { id } = submit([...ids.slice(0, 201), 'gone'])
    await world.settle()
    expect(world.client.getMutation(id)?.error).toMatchObject({ updated: 1, failed: 201 })
    world.client.retry(id)
    await world.settle()
    const requests = world.server.writes.map(({ body }) => JSON.parse(body ?? '').leadIds)
    expect(requests.at(-1)).toEqual(ids.slice(0, 200))
    expect(world.client.getQueue()).toEqual([])
    expect(world.client.getRow('leads', 'lead-0')?.row).toMatchObject({ status: 'contacted', version: 2 })
  })
})

test('while the parts that are on the network decide how a cancelled one ends, what was taken back is not counted as done', async () => {
  const many = Array.from({ length: 1_000 }, (_, index) => `lead-${index}`)
  world.server.hold()
  const { id } = submit(many)
  await world.settle()
  // Four parts are on the network, and the fifth waits for a place there.
  const cancelling = world.client.cancel(id)
  await world.settle()
  expect(world.client.getMutation(id)).toMatchObject({ settled: false, progress: { processed: 0, total: 1_000, failed: 0 } })
  world.server.release()
  await world.advance(10_000)
  await cancelling
  expect(world.client.getMutation(id)?.progress.processed).toBe(world.server.effects.length * 200)
})

test('cancelled after a part of it took effect, what was not sent is no failure', async () => {
  world.server.next('network', 'network')
  const { id, settled } = submit()
  world.client.subscribeMutation(id, () => {})
  await world.settle()
  expect(await world.client.cancel(id)).toBe('cancelled')
  await world.settle()
  expect(await settled).toMatchObject({
    phase: 'partial',
    progress: { processed: 50, total: 450, failed: 0 },
    error: { updated: 50, failed: 0, cancelled: 400, failures: [], message: '50 leads updated, 400 not sent' },
  })
  expect(world.server.effects).toEqual([`${id}_0003`])
  world.client.retry(id)
  await world.advance(10_000)
  expect(world.server.effects).toEqual([`${id}_0003`])
})
