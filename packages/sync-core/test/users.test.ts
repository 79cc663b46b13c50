import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { bookingConfirm, leadUpdateStatus } from '@org/contracts'
import { aLead, anAppointment } from '@org/contracts/testing'
import { SyncError } from '../src/mutation/SyncError.js'
import { createSyncHarness, type SyncHarness } from '../src/testing/index.js'

const rows = { appointments: [anAppointment()], leads: [aLead()] }
const ana = { actor: 'user-456', tenant: 'org-1' }
const eve = { actor: 'eve', tenant: 'org-2' }

let world: SyncHarness
beforeEach(async () => {
  world = await createSyncHarness({ rows })
})
afterEach(() => world.close())

const confirm = () => world.client.submit(bookingConfirm, { appointmentId: 'apt-123' })

describe('who is signed in', () => {
  test('a click before the first answer is refused with a typed error', async () => {
    world.close()
    world = await createSyncHarness({ rows, offline: true })
    expect(world.client.getIdentity()).toEqual({ state: 'loading', reason: 'api-unreachable' })
    expect(confirm).toThrow(SyncError)
    expect(confirm).toThrow(expect.objectContaining({ code: 'NOT_SIGNED_IN' }))
    await world.goOnline()
    expect(world.client.getIdentity()).toMatchObject({ state: 'confirmed' })
  })

  test('an offline reload opens the same queue, unconfirmed until the server was asked', async () => {
    await world.goOffline()
    const { id } = confirm()
    await world.settle()
    await world.reload()
    expect(world.client.getIdentity()).toEqual({ state: 'remembered', ...ana, reason: 'api-unreachable' })
    expect(world.client.getQueue()).toMatchObject([{ id }])
    await world.goOnline()
    await world.advance(5_000)
    expect(world.client.getIdentity()).toMatchObject({ state: 'confirmed' })
    expect(world.server.effects).toEqual([id])
  })

  test("rows that were read for somebody who has left are nobody's, however late they come", async () => {
    let answer = () => {}
    world.close()
    world = await createSyncHarness({
      rows,
      wrapTransport: (transport) => ({
        send: async (request) => {
          if (request.path === '/api/late') await new Promise<void>((resolve) => (answer = resolve))
          return transport.send(request)
        },
      }),
    })
    const loading = world.client.read('/api/late').then(() => world.client.ingest('leads', rows.leads))
    world.server.user = eve
    await world.client.refreshIdentity()
    answer()
    await expect(loading).rejects.toThrow('answered for somebody who has left')
    // While what belongs to the next one is still being opened.
    let comings = 0
    world.client.subscribeIdentity(() => {
      if (world.client.getIdentity().state !== 'loading') return
      comings += 1
      world.client.ingest('leads', rows.leads)
    })
    world.server.user = ana
    await world.client.refreshIdentity()
    expect([comings, world.client.getIdentity()]).toEqual([1, { state: 'confirmed', ...ana }])
    expect(world.client.getRows('leads')).toEqual([])
  })

  test('what is remembered holds no token', async () => {
    world.close()
    world = await createSyncHarness({ rows, getAccessToken: () => 'secret-token' })
    await confirm().settled
    const stored = JSON.stringify([...world.browser.databases].map(([name, entries]) => [name, [...entries]]))
    expect(stored).not.toContain('secret-token')
    expect(world.server.writes[0]?.headers.Authorization).toBe('Bearer secret-token')
  })

  test('a team with its own API says who is signed in', async () => {
    world.close()
    world = await createSyncHarness({ rows, getIdentity: () => ana })
    await world.settle()
    expect(world.client.getIdentity()).toMatchObject({ state: 'confirmed', actor: 'user-456' })
    expect(world.server.requests.some(({ path }) => path === '/api/session')).toBe(false)
  })
})

describe('another user', () => {
  test("never sends, sees or tells the former one's mutations, and finds his own queue again", async () => {
    await world.goOffline()
    const { id } = confirm()
    await world.settle()
    world.server.user = eve
    await world.goOnline()
    await world.client.refreshIdentity()
    await world.advance(120_000)
    expect(world.client.getIdentity()).toMatchObject({ actor: 'eve' })
    expect(world.client.getQueue()).toEqual([])
    expect(world.client.getRow('appointments', 'apt-123')).toBeUndefined()
    expect(world.server.writes).toEqual([])
    world.server.user = ana
    await world.client.refreshIdentity()
    await world.advance(10_000)
    expect(world.server.effects).toEqual([id])
  })

  test('the same user of another organisation is another user', async () => {
    await world.goOffline()
    confirm()
    await world.settle()
    world.server.user = { actor: ana.actor, tenant: 'org-2' }
    await world.goOnline()
    await world.client.refreshIdentity()
    await world.advance(10_000)
    expect(world.client.getQueue()).toEqual([])
    expect(world.server.writes).toEqual([])
  })

  test('a sign-in unknown to this tab lets the mutation wait for its own user instead of sending it as someone else', async () => {
    world.server.user = eve
    const { id } = confirm()
    await world.advance(5_000)
    expect(world.server.effects).toEqual([])
    expect(world.client.getIdentity()).toMatchObject({ actor: 'eve' })
    world.server.user = ana
    await world.client.refreshIdentity()
    await world.advance(2_000)
    expect(world.server.effects).toEqual([id])
    expect(world.client.getMutation(id)).toMatchObject({ phase: 'success', attempt: 1 })
  })

  test('signing out in one tab stops the other', async () => {
    const other = await world.openTab()
    world.server.user = null
    await world.client.signOut()
    await world.settle()
    expect(world.client.getIdentity()).toEqual({ state: 'signed-out' })
    expect(other.client.getIdentity()).toEqual({ state: 'signed-out' })
  })
})

describe('401', () => {
  test('pauses the queue without losing anything until someone signs in again', async () => {
    const user = world.server.user
    world.server.user = null
    const { id } = confirm()
    await world.settle()
    expect(world.client.getMutation(id)).toMatchObject({ phase: 'queued', attempt: 0, error: { code: 'UNAUTHENTICATED', willRetry: true } })
    await world.advance(60_000)
    expect(world.client.getIdentity()).toEqual({ state: 'signed-out' })
    expect(world.server.writes).toHaveLength(1)
    world.server.user = user
    await world.client.refreshIdentity()
    await world.advance(1_000)
    expect(world.server.effects).toEqual([id])
  })

  test('says that a click waits for the sign-in while no token can be had, and sends it soon after one can', async () => {
    world.close()
    let isDown = false
    world = await createSyncHarness({
      rows,
      getAccessToken: () => (isDown ? Promise.reject(new Error('The sign-in service is down')) : 'token'),
    })
    isDown = true
    const { id } = confirm()
    await world.settle()
    const shown = new Set<string | undefined>()
    world.client.subscribeMutation(id, () => shown.add(world.client.getMutation(id)?.phase))
    await world.advance(60_000)
    expect([...shown]).not.toContain('running')
    expect(world.client.getMutation(id)).toMatchObject({ phase: 'queued', attempt: 0, error: { code: 'TOKEN_UNAVAILABLE' } })
    expect(world.client.getIdentity()).toMatchObject({ state: 'confirmed', reason: 'token-unavailable' })
    expect(world.server.writes).toEqual([])
    isDown = false
    await world.advance(30_000)
    expect(world.server.effects).toEqual([id])
    expect(world.client.getMutation(id)).toMatchObject({ phase: 'success', error: undefined })
  })

  test('signs nobody out while a refused token cannot be renewed', async () => {
    world.close()
    let isDown = false
    world = await createSyncHarness({
      rows,
      getAccessToken: ({ forceRefresh }) => (isDown && forceRefresh ? Promise.reject(new Error('The sign-in service is down')) : 'token'),
    })
    const user = world.server.user
    isDown = true
    world.server.user = null
    const { id } = confirm()
    await world.advance(60_000)
    expect(world.client.getIdentity()).toMatchObject({ state: 'confirmed', reason: 'token-unavailable' })
    expect(world.client.getMutation(id)).toMatchObject({ phase: 'queued', error: { code: 'TOKEN_UNAVAILABLE' } })
    isDown = false
    world.server.user = user
    await world.advance(30_000)
    expect(world.server.effects).toEqual([id])
  })

  test('gets one fresh token for all tabs and tries again', async () => {
    world.close()
    let token = 'old'
    const refreshes: string[] = []
    const getAccessToken = async ({ forceRefresh }: { forceRefresh: boolean }) => {
      if (forceRefresh) {
        refreshes.push('refresh')
        token = 'new'
      }
      return token
    }
    world = await createSyncHarness({ rows, getAccessToken })
    const other = await world.openTab()
    world.server.next('UNAUTHENTICATED', 'UNAUTHENTICATED')
    const first = confirm()
    const second = other.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'contacted' })
    await world.advance(5_000)
    expect(world.server.effects.toSorted()).toEqual([first.id, second.id].toSorted())
    expect(refreshes).toHaveLength(1)
    expect(world.client.getMutation(first.id)?.attempt).toBe(1)
  })
})

describe('signing out', () => {
  test('keep leaves the queue for the next sign-in', async () => {
    await world.goOffline()
    const { id } = confirm()
    await world.settle()
    await world.client.signOut({ mode: 'keep' })
    await world.goOnline()
    await world.advance(60_000)
    expect(world.server.writes).toEqual([])
    await world.client.refreshIdentity()
    await world.advance(5_000)
    expect(world.server.effects).toEqual([id])
  })

  test('flush sends first, for a bounded time', async () => {
    world.server.hold()
    confirm()
    await world.settle()
    let isOut = false
    void world.client.signOut({ mode: 'flush', timeoutMs: 3_000 }).then(() => {
      isOut = true
    })
    await world.advance(2_900)
    expect(isOut).toBe(false)
    await world.advance(200)
    expect(isOut).toBe(true)
    world.server.release()
  })

  test('discard takes back what was never sent', async () => {
    await world.goOffline()
    confirm()
    await world.settle()
    await world.client.signOut({ mode: 'discard' })
    await world.goOnline()
    await world.client.refreshIdentity()
    await world.advance(5_000)
    expect(world.client.getQueue()).toEqual([])
    expect(world.server.writes).toEqual([])
  })
})
