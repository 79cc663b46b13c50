import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { leadUpdateStatus, smsSend } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import { createSyncHarness, type SyncHarness } from '../src/testing/index.js'

let world: SyncHarness
const leads = Array.from({ length: 8 }, (_, n) => aLead({ id: `lead-${n}` }))
beforeEach(async () => {
  world = await createSyncHarness({ rows: { leads } })
})
afterEach(() => world.close())

describe('a click of another living tab, which has no place for it', () => {
  test('seems to be sent for no longer than a moment: then it is', async () => {
    const other = await world.openTab()
    world.server.hold()
    for (const { id } of leads.slice(0, 4)) world.client.submit(leadUpdateStatus, { leadId: id, status: 'contacted' })
    await world.settle()
    const { id } = world.client.submit(smsSend, { leadId: 'lead-7', message: 'Hi' })
    await world.advance(1_100)
    const isOnItsWay = () => world.server.writes.some(({ key }) => key === id)
    expect([other.client.getMutation(id)?.phase === 'running', isOnItsWay()]).toEqual([true, true])
    world.server.release()
    await world.advance(5_000)
    expect(world.server.effects.filter((key) => key === id)).toHaveLength(1)
  })
})

test('what cannot be started over stays as it ended', async () => {
  const small = await createSyncHarness({ rows: { leads }, maxUnfinished: 1 })
  small.server.next('EFFECT_REFUSED')
  const { id } = small.client.submit(smsSend, { leadId: 'lead-7', message: 'Hi' })
  await small.settle()
  await small.goOffline()
  small.client.submit(smsSend, { leadId: 'lead-1', message: 'Hi' })
  expect(() => small.client.retry(id)).toThrow(expect.objectContaining({ code: 'QUEUE_FULL' }))
  await small.settle()
  expect(small.client.getLatestInLane('lead:lead-7:sms', smsSend.name)).toMatchObject({ id, phase: 'error' })
  small.close()
})

describe('a click that nothing sends yet does not seem to be sent', () => {
  const status = (to: 'contacted' | 'qualified') => world.client.submit(leadUpdateStatus, { leadId: 'lead-1', status: to }).id
  const shown = (id: string) => [world.client.getMutation(id)?.phase, world.client.getMutation(id)?.attempt]

  test('behind another one of its lane, once that takes longer than a moment', async () => {
    world.server.hold()
    const [first, second] = [status('contacted'), status('qualified')]
    await world.advance(900)
    expect([shown(first), shown(second)]).toEqual([
      ['running', 1],
      ['running', 0],
    ])
    await world.advance(200)
    expect([shown(first), shown(second)]).toEqual([
      ['running', 1],
      ['queued', 0],
    ])
    expect(await world.client.cancel(second)).toBe('cancelled')
    world.server.release()
    await world.settle()
    expect(world.server.effects).toEqual([first])
    // Nothing waits any more: the next one is sent at once, and seems to be.
    world.server.hold()
    const next = status('qualified')
    await world.settle()
    expect(shown(next)).toEqual(['running', 1])
    world.server.release()
  })

  test('in the two seconds over which all clients of an office come back', async () => {
    await world.goOffline()
    const id = status('contacted')
    await world.settle()
    await world.goOnline()
    expect(shown(id)).toEqual(['queued', 0])
    const inMs = (world.client.getMutation(id)?.nextRetryAt ?? 0) - world.clock.now()
    expect(inMs).toBeGreaterThan(0)
    expect(inMs).toBeLessThanOrEqual(2_000)
    await world.advance(inMs)
    expect(shown(id)).toEqual(['success', 1])
  })
})

test('a click says from when on it is too old', () => {
  const sms = (expiresAfterMs?: number) =>
    world.client.submit(smsSend, { leadId: 'lead-1', message: `${expiresAfterMs}` }, { expiresAfterMs }).id
  const lasts = [sms(), sms(60_000), sms(9 * 3_600_000)].map((id) => {
    const { expiresAt, submittedAt } = world.client.getMutation(id)!
    return expiresAt - submittedAt
  })
  expect(lasts).toEqual([smsSend.ttlMs, 60_000, smsSend.ttlMs])
})
