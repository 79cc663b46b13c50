import { afterEach, describe, expect, test } from '@jest/globals'
import { HEADERS, leadUpdateStatus, PATHS } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import type { GetAccessToken } from '../src/identity/ApiClient.js'
import type { IdentityError } from '../src/identity/identityTrouble.js'
import type { Transport } from '../src/ports/Transport.js'
import { createSyncHarness, type HarnessOptions, type HarnessTab, type SyncHarness } from '../src/testing/index.js'

const ana = { actor: 'user-456', tenant: 'org-1' }
const ben = { actor: 'ben', tenant: 'org-1' }
const rows = { leads: [1, 2, 3].map((n) => aLead({ id: `lead-${n}`, status: 'new' })) }

let world: SyncHarness
afterEach(() => world.close())

async function open(options: HarnessOptions = {}): Promise<void> {
  world = await createSyncHarness({ rows, ...options })
}

const click = (n = 1, tab: Pick<HarnessTab, 'client'> = world) =>
  tab.client.submit(leadUpdateStatus, { leadId: `lead-${n}`, status: 'contacted' }).id

const actorsSent = () => world.server.writes.map(({ headers }) => headers[HEADERS.mutationActor])

/** A token function whose answer a test changes. */
function aToken(first: string | null | Error): { getAccessToken: GetAccessToken; now: string | null | Error; asked: number } {
  const token = {
    now: first,
    asked: 0,
    getAccessToken: async () => {
      token.asked += 1
      if (token.now instanceof Error) throw token.now
      return token.now
    },
  }
  return token
}

const isDown = new Error('The sign-in service is down')

/** Answers of GET /api/session are given late, each with what was true when it was asked. */
function slowSession(delayMs: number): (transport: Transport) => Transport {
  return (transport) => ({
    send: async (request) => {
      const answer = await transport.send(request)
      if (request.path === PATHS.session) await new Promise<void>((resolve) => world.clock.setTimer(resolve, delayMs))
      return answer
    },
  })
}

describe('an answer that outlives the change that made it stale', () => {
  test('names nobody any more when the user switched while it was on its way', async () => {
    let isSlow = false
    await open({
      wrapTransport: (transport) => ({ send: (request) => (isSlow ? slowSession(500)(transport) : transport).send(request) }),
    })
    isSlow = true
    world.tab.setVisible(false)
    await world.advance(40_000)
    world.tab.setVisible(true)
    await world.advance(100)
    await world.client.signOut({ mode: 'keep' })
    world.server.user = ben
    const refreshed = world.client.refreshIdentity()
    await world.advance(2_000)
    expect(await refreshed).toEqual({ state: 'confirmed', ...ben })
    click()
    await world.advance(2_000)
    expect(actorsSent()).toEqual(['ben'])
    expect(world.server.effects).toHaveLength(1)
  })

  test('and a question that was planned before a sign-out is not asked after it', async () => {
    await open()
    world.server.next('UNAUTHENTICATED')
    world.server.hold()
    click()
    await world.settle()
    const leaving = world.client.signOut()
    world.server.release()
    await leaving
    await world.advance(60_000)
    expect(world.client.getIdentity()).toEqual({ state: 'signed-out' })
    expect(world.server.effects).toEqual([])
  })

  test.each([0, 500, 1_500, 2_500])('nor one that waits %i ms after a refusal', async (ms) => {
    await open()
    const { user } = world.server
    world.server.user = null
    click()
    await world.advance(ms)
    await world.client.signOut()
    world.server.user = user
    await world.advance(600_000)
    world.tab.setVisible(false)
    world.tab.setVisible(true)
    world.tab.hint('online')
    await world.advance(60_000)
    expect(world.client.getIdentity()).toEqual({ state: 'signed-out' })
    expect(world.server.effects).toEqual([])
  })
})

describe('another tab', () => {
  test('of the same user is signed out with this one, whatever the session still says', async () => {
    await open()
    const other = await world.openTab()
    await world.goOffline()
    click()
    await world.settle()
    await world.client.signOut({ mode: 'keep' })
    await world.goOnline()
    await world.advance(60_000)
    expect(other.client.getIdentity()).toEqual({ state: 'signed-out' })
    expect(world.server.effects).toEqual([])
  })

  test('of another user is not', async () => {
    await open()
    world.server.tokens.set('a', ana).set('b', ben)
    const [first, second] = [await world.openTab({ getAccessToken: () => 'a' }), await world.openTab({ getAccessToken: () => 'b' })]
    expect(second.client.getIdentity()).toEqual({ state: 'confirmed', ...ben })
    await first.client.signOut()
    await world.advance(60_000)
    expect(first.client.getIdentity()).toEqual({ state: 'signed-out' })
    expect(second.client.getIdentity()).toEqual({ state: 'confirmed', ...ben })
    click(1, second)
    await world.advance(2_000)
    expect([...world.server.doers.values()]).toEqual(['ben'])
  })

  test('learns of another user and shows none of the former rows', async () => {
    await open()
    const other = await world.openTab()
    other.client.ingest('leads', rows.leads)
    expect(other.client.getRows('leads')).toHaveLength(3)
    world.server.user = ben
    await world.client.refreshIdentity()
    await world.settle()
    expect(other.client.getIdentity()).toEqual({ state: 'confirmed', ...ben })
    expect(other.client.getRows('leads')).toEqual([])
    const id = click(1, other)
    await world.advance(2_000)
    expect(world.server.doers.get(id)).toBe('ben')
  })

  test('is never told whom to adopt: it asks for itself', async () => {
    await open()
    const said: unknown[] = []
    const listener = world.browser.openTab()
    for (const name of world.browser.channelNames()) listener.openTabChannel(name).subscribe((message) => said.push(message))
    world.server.user = ben
    await world.client.refreshIdentity()
    await world.client.signOut()
    await world.settle()
    expect(JSON.stringify(said)).not.toMatch(/ben|user-456|org-1/)
    expect(said).toContainEqual(expect.objectContaining({ type: 'asked-elsewhere' }))
  })
})

describe('a token', () => {
  test('that cannot be had for ten minutes is not known, and the click is sent within seconds after it can', async () => {
    const token = aToken('token')
    await open({ getAccessToken: token.getAccessToken })
    token.now = isDown
    const id = click()
    await world.advance(600_000)
    expect(world.client.getIdentity()).toEqual({ state: 'confirmed', ...ana, reason: 'token-unavailable' })
    expect(world.client.getMutation(id)).toMatchObject({
      phase: 'queued',
      attempt: 0,
      error: { code: 'TOKEN_UNAVAILABLE', willRetry: true },
    })
    expect(world.client.getMutation(id)?.error?.message).toMatch(/not known.*asked again/s)
    token.now = 'token'
    await world.advance(5_000)
    expect(world.server.effects).toEqual([id])
  })

  test('that hangs is the same', async () => {
    let hangs = false
    await open({ getAccessToken: () => (hangs ? new Promise(() => {}) : 'token') })
    hangs = true
    const id = click()
    await world.advance(25_000)
    expect(world.client.getIdentity()).toMatchObject({ state: 'confirmed', reason: 'token-unavailable' })
    hangs = false
    await world.advance(30_000)
    expect(world.server.effects).toEqual([id])
  })

  test('that is null for five seconds after a reconnect signs nobody out', async () => {
    const token = aToken('token')
    await open({ getAccessToken: token.getAccessToken })
    await world.goOffline()
    const id = click()
    await world.settle()
    token.now = null
    await world.goOnline()
    await world.advance(5_000)
    expect(world.client.getIdentity()).toEqual({ state: 'confirmed', ...ana, reason: 'token-refused' })
    expect(world.client.getConnectivity().pendingCount).toBe(1)
    token.now = 'token'
    await world.advance(5_000)
    expect(world.server.effects).toEqual([id])
  })

  test('that stays null is looked for at 1, 3, 6 and 10 seconds, and then nobody is signed in', async () => {
    const token = aToken('token')
    await open({ getAccessToken: token.getAccessToken })
    token.now = null
    world.server.user = null
    click()
    await world.settle()
    const at: number[] = []
    for (let second = 1; second <= 10; second++) {
      const before = token.asked
      await world.advance(1_000)
      if (token.asked > before) at.push(second)
      if (second < 10) expect(world.client.getIdentity()).toMatchObject({ state: 'confirmed', reason: 'token-refused' })
    }
    expect(at).toEqual([1, 3, 6, 10])
    expect(world.client.getIdentity()).toEqual({ state: 'signed-out', reason: 'token-refused' })
    token.now = 'token'
    world.server.user = ana
    await world.advance(30_000)
    expect(world.client.getIdentity()).toEqual({ state: 'confirmed', ...ana })
    expect(world.server.effects).toHaveLength(1)
  })

  test('that is null while the server cannot be asked signs nobody out', async () => {
    const token = aToken('token')
    await open({ getAccessToken: token.getAccessToken })
    token.now = null
    world.server.stop()
    const id = click()
    await world.advance(120_000)
    expect(world.client.getIdentity()).toMatchObject({ state: 'confirmed' })
    token.now = 'token'
    world.server.start()
    await world.advance(20_000)
    expect(world.server.effects).toEqual([id])
  })

  test('and the queue and the button give the same reason', async () => {
    const token = aToken('token')
    await open({ getAccessToken: token.getAccessToken })
    await world.goOffline()
    const id = click()
    await world.settle()
    expect(world.client.getQueue()[0]?.lastError).toBeNull()
    for (const [now, code] of [
      [null, 'UNAUTHENTICATED'],
      [isDown, 'TOKEN_UNAVAILABLE'],
    ] as const) {
      token.now = now
      await world.goOnline()
      await world.advance(4_000)
      expect(world.client.getMutation(id)?.error?.code).toBe(code)
      expect(world.client.getQueue()[0]?.lastError?.code).toBe(code)
    }
  })
})

describe('at the start', () => {
  test.each([4_400, 20_000])('a server that comes up after %i ms is used within two seconds', async (ms) => {
    let isUp = false
    await open({
      wrapTransport: (transport) => ({
        send: async (request) => (isUp ? transport.send(request) : { kind: 'failure', reason: 'network' }),
      }),
    })
    await world.advance(ms)
    expect(world.client.getIdentity()).toEqual({ state: 'loading', reason: 'api-unreachable' })
    isUp = true
    await world.advance(2_000)
    expect(world.client.getIdentity()).toEqual({ state: 'confirmed', ...ana })
  })

  test('the user this tab remembers is taken before that of the origin', async () => {
    await open()
    world.server.tokens.set('a', ana).set('b', ben)
    const anas = await world.openTab({ getAccessToken: () => 'a' })
    await world.openTab({ getAccessToken: () => 'b' })
    await world.goOffline()
    const again = await world.reopen(anas)
    expect(again.client.getIdentity()).toMatchObject({ state: 'remembered', ...ana })
    const other = await world.openTab({ getAccessToken: () => 'b' })
    expect(other.client.getIdentity()).toMatchObject({ state: 'remembered', ...ben })
  })

  test('nothing is sent for a remembered user until it is known who is here', async () => {
    await open()
    await world.goOffline()
    const id = click()
    await world.settle()
    world.server.user = ben
    await world.reload()
    await world.goOnline()
    await world.advance(60_000)
    expect(world.server.writes).toEqual([])
    expect(world.client.getIdentity()).toEqual({ state: 'confirmed', ...ben })
    world.server.user = ana
    await world.client.refreshIdentity()
    await world.advance(2_000)
    expect(world.server.doers.get(id)).toBe(ana.actor)
  })
})

describe('a click of another user than the one whose session it is', () => {
  test('waits without a strike and is sent once its user is back', async () => {
    await open()
    world.server.user = ben
    const id = click()
    await world.advance(5_000)
    expect(world.client.getIdentity()).toEqual({ state: 'confirmed', ...ben })
    world.server.user = ana
    await world.client.refreshIdentity()
    await world.advance(5_000)
    expect(world.server.effects).toEqual([id])
    expect(world.client.getMutation(id)).toMatchObject({ phase: 'success', attempt: 1 })
  })

  test('also where the host says who is here: one request tries, ever less often, and the rest follows', async () => {
    await open({ getIdentity: () => ana })
    world.server.user = ben
    const ids = [1, 2, 3].map((n) => click(n))
    await world.advance(60_000)
    expect(world.client.getIdentity()).toEqual({ state: 'remembered', ...ana, reason: 'actor-differs' })
    expect(world.client.getMutation(ids[0]!)).toMatchObject({
      attempt: 0,
      phase: 'queued',
      error: { code: 'ACTOR_MISMATCH', willRetry: true },
    })
    expect(world.server.writes.length).toBeLessThan(12)
    expect(world.server.effects).toEqual([])
    world.server.user = ana
    await world.advance(30_000)
    expect(world.client.getIdentity()).toEqual({ state: 'confirmed', ...ana })
    expect(world.server.effects.toSorted()).toEqual(ids.toSorted())
  })

  test('hides the rows while it is not known whose they are', async () => {
    await open({ getIdentity: () => ana })
    world.client.ingest('leads', rows.leads)
    const counts: number[] = []
    world.client.subscribeTable('leads', () => counts.push(world.client.getRows('leads').length))
    world.server.user = ben
    click()
    await world.advance(500)
    expect(world.client.getRows('leads')).toEqual([])
    expect(world.client.getRow('leads', 'lead-1')).toBeUndefined()
    expect(counts.at(-1)).toBe(0)
    world.server.user = ana
    await world.advance(30_000)
    expect(world.client.getRows('leads')).toHaveLength(3)
    expect(counts.at(-1)).toBe(3)
  })
})

describe('a page that was away', () => {
  test('frozen while the user switched, asks before it shows or sends', async () => {
    await open()
    world.client.ingest('leads', rows.leads)
    const other = await world.openTab()
    world.tab.freeze()
    world.server.user = ben
    await other.client.refreshIdentity()
    world.server.hold()
    world.tab.thaw()
    expect(world.client.getRows('leads')).toEqual([])
    expect(world.client.getIdentity()).toEqual({ state: 'loading' })
    world.server.release()
    await world.advance(5_000)
    expect(world.client.getIdentity()).toEqual({ state: 'confirmed', ...ben })
    expect(world.server.writes).toEqual([])
  })

  test('shows its rows again when it is still the same user, or when there is no network to ask', async () => {
    await open()
    world.client.ingest('leads', rows.leads)
    world.tab.freeze()
    world.tab.thaw()
    expect(world.client.getRows('leads')).toEqual([])
    await world.settle()
    expect(world.client.getRows('leads')).toHaveLength(3)
    world.tab.freeze()
    world.server.stop()
    world.tab.thaw()
    expect(world.client.getRows('leads')).toEqual([])
    await world.settle()
    expect(world.client.getRows('leads')).toHaveLength(3)
    expect(world.client.getIdentity()).toEqual({ state: 'remembered', ...ana, reason: 'api-unreachable' })
    await world.goOffline()
    world.tab.freeze()
    world.tab.thaw()
    expect(world.client.getRows('leads')).toHaveLength(3)
  })

  test('shows nothing of the clicks of whoever was here', async () => {
    await open()
    world.server.stop()
    click()
    await world.settle()
    expect(world.client.getQueue()).toHaveLength(1)
    world.server.start()
    world.tab.freeze()
    world.server.hold()
    world.tab.thaw()
    expect(world.client.getQueue()).toEqual([])
    world.server.release()
    await world.settle()
    expect(world.client.getIdentity()).toMatchObject({ state: 'confirmed' })
    await world.advance(5_000)
    expect(world.server.effects).toHaveLength(1)
  })

  test('takes no click meanwhile: it would be kept for the former user, and go out in that name one day', async () => {
    await open()
    world.tab.freeze()
    world.server.user = ben
    world.server.hold()
    world.tab.thaw()
    expect(world.client.getIdentity()).toEqual({ state: 'loading' })
    expect(() => click()).toThrow(expect.objectContaining({ code: 'NOT_SIGNED_IN' }))
    world.server.release()
    await world.settle()
    expect(world.client.getIdentity()).toEqual({ state: 'confirmed', ...ben })
    world.server.user = ana
    await world.client.refreshIdentity()
    await world.advance(5_000)
    expect(world.server.writes).toEqual([])
    click()
    await world.advance(1_000)
    expect(actorsSent()).toEqual([ana.actor])
  })

  test('hidden for half a minute keeps its rows, but sends nothing until it is known that it is still the same user', async () => {
    await open()
    world.client.ingest('leads', rows.leads)
    world.tab.setVisible(false)
    await world.advance(30_000)
    world.server.user = ben
    world.server.hold()
    world.tab.setVisible(true)
    expect(world.client.getIdentity()).toEqual({ state: 'remembered', ...ana })
    expect(world.client.getRows('leads')).toHaveLength(3)
    click()
    await world.settle()
    world.server.release()
    await world.advance(2_000)
    expect(world.client.getIdentity()).toEqual({ state: 'confirmed', ...ben })
    expect(world.client.getRows('leads')).toEqual([])
    expect(world.server.writes).toEqual([])
  })
})

describe('a page that nobody has looked at since it was opened', () => {
  test.each([
    ['for half a minute', 30_000, 'remembered'],
    ['for a moment', 1_000, 'confirmed'],
  ])('%s: in a tab behind, or rendered ahead of a visit', async (_name, hiddenMs, state) => {
    let isVisible = false
    await open({ adapters: (own) => ({ connectivity: { ...own.connectivity, isVisible: () => isVisible } }) })
    expect(world.client.getIdentity()).toEqual({ state: 'confirmed', ...ana })
    await world.advance(hiddenMs)
    world.server.user = ben
    isVisible = true
    world.tab.hint('visible')
    expect(world.client.getIdentity()).toEqual({ state, ...ana })
  })
})

test('whoever reads does not wait for an answer that has become useless', async () => {
  const probed: (() => void)[] = []
  const asked: (() => void)[] = []
  const gates = new Map<string, (() => void)[]>()
  await open({
    wrapTransport: (transport) => ({
      send: async (request) => {
        const gate = gates.get(request.path)
        if (gate !== undefined) await new Promise<void>((resolve) => gate.push(resolve))
        return transport.send(request)
      },
    }),
  })
  world.server.next({ status: 401, body: { success: false, error: 'x', code: 'UNAUTHENTICATED' } })
  gates.set(leadUpdateStatus.path, probed)
  click()
  await world.settle()
  probed.shift()?.()
  await world.settle()
  expect([world.server.writes.length, probed.length]).toEqual([1, 1])
  gates.set(PATHS.session, asked)
  await world.advance(30_000)
  expect(asked).toHaveLength(1)
  world.client.realtime.subscribe('leads', () => undefined)
  await world.settle()
  for (const open of [...probed, ...asked]) {
    open()
    await world.settle()
  }
  expect(world.client.getIdentity()).toEqual({ state: 'confirmed', ...ana })
  await world.advance(5_000)
  expect(world.client.realtime.getState('leads').state).toBe('live')
})

describe('a developer', () => {
  test('is told each cause once, with what to do, on the console and by the option', async () => {
    const token = aToken('token')
    const told: IdentityError[] = []
    await open({ getAccessToken: token.getAccessToken, onIdentityError: (error) => told.push(error) })
    token.now = isDown
    click()
    await world.advance(600_000)
    expect(told).toEqual([{ reason: 'token-unavailable', message: expect.stringContaining('getAccessToken') }])
    expect(world.warnings).toEqual([expect.stringContaining(told[0]!.message)])
    token.now = 'token'
    await world.advance(10_000)
    token.now = isDown
    click(2)
    await world.advance(60_000)
    expect(told).toHaveLength(1)
  })

  test('learns that nothing answers GET /api/session, and that getIdentity may be passed', async () => {
    await open({
      wrapTransport: (transport) => ({
        send: async (request) =>
          request.path === PATHS.session ? { kind: 'answer', status: 404, header: () => null, json: undefined } : transport.send(request),
      }),
    })
    await world.advance(30_000)
    expect(world.client.getIdentity()).toEqual({ state: 'loading', reason: 'api-misconfigured' })
    expect(world.warnings).toEqual([expect.stringMatching(/404.*|getIdentity/s)])
  })

  test('is not bothered by a short outage', async () => {
    await open()
    world.server.stop()
    void world.client.refreshIdentity()
    await world.advance(2_000)
    world.server.start()
    await world.advance(5_000)
    expect(world.warnings).toEqual([])
  })

  test('whose handler throws changes nothing', async () => {
    const token = aToken('token')
    await open({
      getAccessToken: token.getAccessToken,
      onIdentityError: () => {
        throw new Error('theirs')
      },
    })
    token.now = isDown
    const id = click()
    await world.advance(10_000)
    token.now = 'token'
    await world.advance(10_000)
    expect(world.server.effects).toEqual([id])
  })
})
