import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { bookingConfirm, leadUpdateStatus, smsSend } from '@org/contracts'
import { aLead, anAppointment } from '@org/contracts/testing'
import { createWebLocks } from '../src/adapters/webLocks.js'
import { createSyncHarness, FakeBrowser, type SyncHarness } from '../src/testing/index.js'

let world: SyncHarness
beforeEach(async () => {
  world = await createSyncHarness({ rows: { appointments: [anAppointment()], leads: [aLead()] } })
})
afterEach(() => world.close())

const status = (client = world.client, to: 'contacted' | 'qualified' = 'contacted') =>
  client.submit(leadUpdateStatus, { leadId: 'lead-123', status: to })

test('a tab tells the others what it wrote, but not an empty room', async () => {
  const told: string[] = []
  const { openTabChannel } = new FakeBrowser().openTab()
  const tabChannel: typeof openTabChannel = (name) => {
    const channel = openTabChannel(name)
    return { ...channel, post: (message) => told.push((message as { type: string }).type) }
  }
  const alone = await createSyncHarness({ rows: { leads: [aLead()] }, adapters: { tabChannel } })
  alone.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'contacted' })
  await alone.settle()
  expect(alone.server.effects).toHaveLength(1)
  expect(told).toContain('hello')
  expect(told).not.toContain('records')
  alone.close()
})

describe('the sending tab ends', () => {
  test('a crash in mid-flight: another tab sends the same key again at once', async () => {
    const other = await world.openTab()
    world.server.hold()
    const { id } = status()
    await world.settle()
    expect(other.client.getQueue()[0]).toMatchObject({ id, state: 'sending' })
    await world.crash({ tab: world.tab })
    world.server.release()
    await world.advance(100)
    expect(other.client.getMutation(id)?.phase).toBe('success')
    expect(world.server.writes.map(({ key }) => key)).toEqual([id, id])
    expect(world.server.effects).toEqual([id])
  })

  test('a page that is put aside for the way back counts as gone: another tab goes on at once', async () => {
    const other = await world.openTab()
    world.server.hold()
    const { id } = status()
    await world.settle()
    world.tab.hint('pagehide')
    world.tab.wedge()
    world.server.release()
    await world.advance(100)
    expect(other.client.getMutation(id)?.phase).toBe('success')
    expect(world.server.effects).toEqual([id])
  })

  test('a page that came back counts as alive again', async () => {
    world.tab.hint('pagehide')
    world.tab.setVisible(true)
    const other = await world.openTab()
    world.server.hold()
    const { id } = status()
    await world.settle()
    world.tab.wedge()
    world.server.release()
    await world.advance(20_000)
    expect(other.client.getMutation(id)?.phase).toBe('running')
  })

  test('a hanging tab is taken over after 45 seconds', async () => {
    const other = await world.openTab()
    world.server.hold()
    const { id } = status()
    await world.settle()
    world.tab.wedge()
    world.server.release()
    await world.advance(44_000)
    expect(other.client.getMutation(id)?.phase).toBe('running')
    await world.advance(20_000)
    expect(other.client.getMutation(id)?.phase).toBe('success')
    expect(world.server.effects).toEqual([id])
    expect(other.telemetry).toContainEqual(expect.objectContaining({ type: 'diagnostic', code: 'TAKE_OVER' }))
  })

  test('a hanging tab that had not sent yet loses its turn after a short grace', async () => {
    const other = await world.openTab()
    await world.goOffline()
    const { id } = status()
    await world.settle()
    world.tab.wedge()
    await world.goOnline()
    await world.advance(6_000)
    expect(other.client.getMutation(id)?.phase).toBe('success')
  })

  test('a reload in mid-flight replays the same key', async () => {
    world.server.hold()
    const { id } = status()
    await world.settle()
    await world.reload()
    world.server.release()
    await world.advance(1_000)
    expect(world.client.getMutation(id)?.phase).toBe('success')
    expect(world.server.effects).toEqual([id])
  })
})

describe('two tabs click', () => {
  test('the same on one lead: one mutation, known in both under the id each got', async () => {
    const other = await world.openTab()
    world.server.hold()
    const first = status()
    const second = status(other.client)
    await world.settle()
    expect(other.client.getMutation(second.id)?.id).toBe(first.id)
    world.server.release()
    await world.advance(5_000)
    expect(world.server.effects).toEqual([first.id])
    expect((await second.settled).phase).toBe('success')
    expect(other.client.getQueue()).toEqual([])
  })

  test('different things on one lead: in the order of the clicks', async () => {
    const other = await world.openTab()
    await world.goOffline()
    const first = status()
    await world.settle()
    const second = status(other.client, 'qualified')
    await world.settle()
    await world.goOnline()
    await world.advance(10_000)
    expect(world.server.effects).toEqual([first.id, second.id])
    expect(world.server.rows.get('leads')?.get('lead-123')).toMatchObject({ status: 'qualified', version: 3 })
  })

  test('contacted, qualified, contacted offline are three clicks; contacted twice in a row is one', async () => {
    await world.goOffline()
    const ids = [status(), status(world.client, 'qualified'), status(), status()].map(({ id }) => id)
    expect(ids[3]).toBe(ids[2])
    await world.goOnline()
    await world.advance(10_000)
    expect(world.server.effects).toEqual(ids.slice(0, 3))
  })

  test('the same text to the same lead within a minute of success reuses the key in every tab; once more on request', async () => {
    const send = (client = world.client, again = false) => client.submit(smsSend, { leadId: 'lead-123', message: 'Hi' }, { again })
    const other = await world.openTab()
    const first = send()
    await first.settled
    await world.settle()
    const second = send(other.client)
    expect(second.id).toBe(first.id)
    expect(other.client.getMutation(second.id)?.phase).toBe('success')
    const third = send(world.client, true)
    await third.settled
    expect(world.server.effects).toEqual([first.id, third.id])
    await world.advance(61_000)
    const fourth = send(other.client)
    await world.advance(5_000)
    expect(world.server.effects).toEqual([first.id, third.id, fourth.id])
  })
})

describe('callbacks', () => {
  test('are called once, in the tab that submitted, also when another tab sends', async () => {
    const told: string[] = []
    await world.goOffline()
    const { id } = world.client.submit(bookingConfirm, { appointmentId: 'apt-123' }, {}, { onSuccess: () => told.push('owner') })
    await world.settle()
    const other = await world.openTab()
    other.client.adopt?.(id, { onSuccess: () => told.push('other') })
    await world.goOnline()
    await other.client.syncQueue()
    await world.advance(10_000)
    expect(other.client.getMutation(id)?.phase).toBe('success')
    expect(told).toEqual(['owner'])
  })

  test('after a reload go to whoever adopts the mutation, once', async () => {
    const told: string[] = []
    await world.goOffline()
    const { id } = world.client.submit(bookingConfirm, { appointmentId: 'apt-123' }, {}, { onSuccess: () => told.push('gone') })
    await world.settle()
    await world.reload()
    const other = await world.openTab()
    world.client.adopt?.(id, { onSuccess: () => told.push('first') })
    other.client.adopt?.(id, { onSuccess: () => told.push('second') })
    await world.goOnline()
    await world.advance(10_000)
    expect(told).toHaveLength(1)
    world.client.adopt?.(id, { onSuccess: () => told.push('late') })
    await world.settle()
    expect(told).toHaveLength(1)
  })

  test('are told once a page, however many of its buttons offer theirs, and by the next when the first has gone', async () => {
    const told: string[] = []
    await world.goOffline()
    const { id } = world.client.submit(bookingConfirm, { appointmentId: 'apt-123' })
    await world.settle()
    await world.reload()
    const adopt = (who: string) => world.client.adopt?.(id, { onSuccess: () => told.push(who) })
    const withdraw = adopt('first')
    expect(adopt('second')).toBeUndefined()
    withdraw?.()
    adopt('third')
    await world.goOnline()
    await world.advance(10_000)
    expect(told).toEqual(['third'])
  })

  test('without Web Locks, which alone tell of a death, go to one that adopts it once the owner had ten seconds', async () => {
    const locks = createWebLocks(undefined)
    const plain = await createSyncHarness({ rows: { appointments: [anAppointment()] }, adapters: { locks } })
    const told: string[] = []
    const submit = (who: string) =>
      plain.client.submit(bookingConfirm, { appointmentId: 'apt-123' }, {}, { onSettled: () => told.push(who) })
    await plain.goOffline()
    const { id } = submit('gone')
    await plain.settle()
    await plain.reload()
    const others = [plain.client, (await plain.openTab()).client]
    for (const client of others) client.adopt?.(id, { onSuccess: () => told.push('adopted') })
    await plain.goOnline()
    for (let waited = 0; plain.client.getMutation(id)?.phase !== 'success' && waited < 60; waited += 1) await plain.advance(1_000)
    await plain.advance(9_000)
    expect(told).toEqual([])
    await plain.advance(1_000)
    expect(told).toEqual(['adopted'])
    plain.close()
  })

  test('two tabs that adopt an ended mutation at the same moment: one is told', async () => {
    const { settled, id } = world.client.submit(bookingConfirm, { appointmentId: 'apt-123' })
    await settled
    await world.reload()
    const other = await world.openTab()
    const told: string[] = []
    for (const client of [world.client, other.client]) client.adopt?.(id, { onSuccess: () => told.push('told') })
    await world.advance(1_000)
    expect(told).toEqual(['told'])
  })

  test('a settled result is told to a page that is loaded later', async () => {
    world.server.hold()
    const { id } = world.client.submit(bookingConfirm, { appointmentId: 'apt-123' })
    await world.settle()
    const other = await world.openTab()
    await world.crash({ tab: world.tab })
    world.server.release()
    await world.advance(1_000)
    expect(other.client.getMutation(id)?.phase).toBe('success')
    const told: string[] = []
    other.client.adopt?.(id, { onSuccess: (data) => told.push((data as { appointment: { status: string } }).appointment.status) })
    await world.settle()
    expect(told).toEqual(['confirmed'])
  })

  test('one that throws is reported and changes nothing', async () => {
    const { settled } = world.client.submit(
      bookingConfirm,
      { appointmentId: 'apt-123' },
      {},
      {
        onSuccess: () => {
          throw new Error('toast failed')
        },
      },
    )
    expect((await settled).phase).toBe('success')
    await world.settle()
    expect(world.telemetry).toContainEqual(expect.objectContaining({ code: 'CALLBACK_THREW' }))
  })
})

describe('taking back', () => {
  test('what was never attempted is cancelled at once, in every tab, without a request', async () => {
    const other = await world.openTab()
    await world.goOffline()
    const { id } = status()
    await world.settle()
    expect(await other.client.cancel(id)).toBe('cancelled')
    await world.settle()
    expect(world.client.getQueue()).toEqual([])
    expect(world.client.getRow('leads', 'lead-123')?.row.status ?? 'new').toBe('new')
    await world.goOnline()
    await world.advance(5_000)
    expect(world.server.writes).toEqual([])
  })

  test('what was attempted is cancelled by the server alone, and a late arrival is refused', async () => {
    world.server.next('timeout')
    const { id } = status()
    await world.settle()
    expect(await world.client.cancel(id)).toBe('cancelled')
    expect(world.client.getMutation(id)?.error?.code).toBe('CANCELLED')
    await world.advance(60_000)
    expect(world.server.effects).toEqual([])
  })

  test('what took effect is already done; what cannot be asked stays as it was', async () => {
    world.server.next('lost-response')
    const { id } = status()
    await world.settle()
    world.server.stop()
    expect(await world.client.cancel(id)).toBe('unreachable')
    expect(world.client.getQueue()).toHaveLength(1)
    world.server.start()
    expect(await world.client.cancel(id)).toBe('already-done')
    expect(world.client.getMutation(id)?.phase).toBe('success')
  })
})

describe('versions', () => {
  test("one's own queued write is never one's conflict", async () => {
    await world.goOffline()
    const first = world.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'contacted' }, { seenVersion: 1 })
    const second = world.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'qualified' }, { seenVersion: 1 })
    await world.goOnline()
    await world.advance(10_000)
    expect([first, second].map(({ id }) => world.client.getMutation(id)?.phase)).toEqual(['success', 'success'])
    expect(world.server.writes.map(({ body }) => JSON.parse(body ?? '').expectedVersion)).toEqual([1, 2])
  })

  test("another person's write in between is a conflict", async () => {
    await world.goOffline()
    const { id } = world.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'contacted' }, { seenVersion: 1 })
    await world.settle()
    world.server.seed('leads', [aLead({ version: 2, updated_by: 'ben' })])
    await world.goOnline()
    await world.advance(10_000)
    expect(world.client.getMutation(id)?.phase).toBe('conflict')
  })
})

test('an event says whether this tab wrote it', async () => {
  const other = await world.openTab()
  const heard: unknown[] = []
  world.client.realtime.subscribe('leads', ({ origin }) => heard.push(['this', origin.ownTab]))
  other.client.realtime.subscribe('leads', ({ origin }) => heard.push(['other', origin.ownTab]))
  await world.advance(1_000)
  status()
  await world.advance(10_000)
  expect(heard).toEqual([
    ['this', true],
    ['other', false],
  ])
})

test('the clock stepping two hours back or forth delays nothing', async () => {
  world.server.next('network', 'network')
  const { id } = status()
  await world.settle()
  world.clock.step(-2 * 60 * 60_000)
  await world.advance(60_000)
  world.clock.step(4 * 60 * 60_000)
  await world.advance(60_000)
  expect(world.client.getMutation(id)?.phase).toBe('success')
})
