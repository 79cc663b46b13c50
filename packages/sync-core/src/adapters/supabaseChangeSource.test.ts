import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { aLead } from '@org/contracts/testing'
import { fastClock, openGateway, until } from '../../test/realtime/gatewayHarness.js'
import { ANA, EVE } from '../../test/realtime/harness.js'
import type { FeedStatus } from '../ports/ChangeSource.js'
import { fakeClock } from '../testing/fakeClock.js'
import { settle } from '../testing/settle.js'
import { createSupabaseChangeSource, type SupabaseChangeSourceOptions } from './supabaseChangeSource.js'

const random = { uniform: () => 0, bytes: (length: number) => new Uint8Array(length) }
const clock = fastClock(50)

let gateway: Awaited<ReturnType<typeof openGateway>>
let closeSource = () => {}

beforeEach(async () => {
  gateway = await openGateway()
})

afterEach(() => gateway.close(closeSource))

function listen(options: Partial<SupabaseChangeSourceOptions> = {}, user = ANA) {
  const statuses: FeedStatus[] = []
  const reasons: string[] = []
  const changes: { eventType: string; version: number; new: { version?: number }; old: unknown }[] = []
  const source = createSupabaseChangeSource({ supabase: gateway.client(token), clock, random, ...options })
  closeSource = source.close
  source.setUser?.(user)
  const leave = source.join('leads', {
    onStatus: (status, reason) => {
      statuses.push(status)
      if (reason !== undefined) reasons.push(reason)
    },
    onChange: (change) => changes.push(change as (typeof changes)[number]),
  })
  return { source, leave, statuses, reasons, changes, last: () => statuses.at(-1) }
}

/** A joined feed of a client that says only what the test does. */
async function openFake({ onChange = () => {} } = {}) {
  const clock = fakeClock()
  const heard = new Map<string, (message: object) => void>()
  const told: string[] = []
  const open = () => {
    told.push('channel')
    return {
      state: 'closed',
      on: (type: string, _filter: object, callback: (message: object) => void) => heard.set(type, callback),
      subscribe: (callback: (status: string) => void) => callback('SUBSCRIBED'),
    }
  }
  const supabase = { realtime: { setAuth: async () => {} }, channel: open, removeChannel: async () => told.push('removed') }
  const source = createSupabaseChangeSource({ supabase, clock, random })
  source.setUser?.(ANA)
  const changes: unknown[] = []
  const leave = source.join('leads', {
    onStatus: (status, reason) => told.push(reason === undefined ? status : `${status}: ${reason}`),
    onChange: (change) => {
      changes.push(change)
      onChange()
    },
  })
  await settle()
  const hear = (message: object, type = 'broadcast') => heard.get(type)?.(message)
  return { hear, changes, leave, told, clock }
}

const token = () => gateway.identity.issueToken({ user: 'ana' })

function publish(version: number): void {
  gateway.publish('leads', { eventType: 'UPDATE', new: aLead({ version }), old: { id: 'lead-123' } })
}

describe('joining', () => {
  test('hands the token over first, so that row-level security lets changes through', async () => {
    const feed = listen()
    await until(() => feed.last() === 'flowing')
    expect(feed.statuses).toEqual(['flowing'])
    expect(gateway.gateway.joined().map(({ actor }) => actor)).toEqual(['user-456'])
    publish(2)
    await until(() => feed.changes.length === 1)
    expect(feed.changes[0]).toMatchObject({ eventType: 'UPDATE', new: { version: 2, status: 'new' }, old: { id: 'lead-123' } })
  })

  test('takes the token of the host where the client has no session of its own', async () => {
    const feed = listen({ supabase: gateway.client(), getAccessToken: token })
    await until(() => feed.last() === 'flowing')
    expect(gateway.gateway.joined()[0]?.actor).toBe('user-456')
  })

  test('does not join without a token, and does so once there is one', async () => {
    let present: string | null = null
    const feed = listen({ supabase: gateway.client(), getAccessToken: () => Promise.resolve(present) })
    await until(() => feed.reasons.length > 0)
    expect(feed.reasons[0]).toBe('no access token')
    expect(gateway.gateway.connectionCount()).toBe(0)
    present = await token()
    await feed.source.refreshAuth()
    await until(() => feed.last() === 'flowing')
  })

  test("leaves the host's own channel on the same table alone", async () => {
    const supabase = gateway.client(token)
    const statuses: string[] = []
    const own = supabase.channel('leads').subscribe((status) => statuses.push(status))
    const feed = listen({ supabase })
    await until(() => feed.last() === 'flowing' && statuses.length === 1)
    feed.leave()
    await until(() => gateway.gateway.joined().length === 1)
    expect(statuses).toEqual(['SUBSCRIBED'])
    expect(supabase.getChannels()).toEqual([own])
  })

  test('hears of each change once, deletions and hints with it, and of nothing the server has no name for', async () => {
    const feed = listen()
    await until(() => feed.last() === 'flowing')
    publish(2)
    gateway.publish('leads', { eventType: 'DELETE', new: null, old: { id: 'lead-123' } }, 3)
    await until(() => feed.changes.length === 2)
    expect(feed.changes.map(({ eventType, version, old }) => [eventType, version, old])).toEqual([
      ['UPDATE', 2, { id: 'lead-123' }],
      ['DELETE', 3, { id: 'lead-123' }],
    ])
  })

  test('speaks both of the client’s serializers', async () => {
    const feed = listen({ supabase: gateway.client(token, '1.0.0') })
    await until(() => feed.last() === 'flowing')
    publish(2)
    await until(() => feed.changes.length === 1)
    expect(feed.changes[0]).toMatchObject({ eventType: 'UPDATE', version: 2, new: { status: 'new' } })
  })

  test('another organisation’s channel is refused, with the reason, and asked for again', async () => {
    const feed = listen({}, EVE)
    await until(() => feed.reasons.length > 0)
    expect([feed.last(), feed.reasons[0]]).toEqual(['lost', expect.stringContaining('Unauthorized: You do not have permissions')])
    publish(2)
    gateway.publish('leads', { eventType: 'UPDATE', new: aLead({ version: 2 }), old: { id: 'lead-123' } })
    await until(() => feed.reasons.length > 1)
    expect(feed.changes).toEqual([])
  })

  test('is joined as soon as the policy allows what it refused', async () => {
    let user: 'ana' | 'eve' = 'ana'
    const feed = listen({ supabase: gateway.client(), getAccessToken: () => gateway.identity.issueToken({ user }) }, EVE)
    await until(() => feed.last() === 'lost')
    user = 'eve'
    await feed.source.refreshAuth()
    await until(() => feed.last() === 'flowing')
  })

  test('a topic that somebody else has on the same client is left to them, with the reason', async () => {
    const supabase = gateway.client(token)
    const own = supabase.channel('sync:leads:org-1', { config: { private: true } }).subscribe()
    const feed = listen({ supabase })
    await until(() => feed.last() === 'lost')
    expect(feed.reasons[0]).toContain('in use')
    await supabase.removeChannel(own)
    await until(() => feed.last() === 'flowing')
  })
})

describe('breaking', () => {
  test('says lost when the connection breaks, and flows again after it is back', async () => {
    const feed = listen()
    await until(() => feed.last() === 'flowing')
    gateway.gateway.setFaults({ disconnect: true })
    await until(() => feed.statuses.includes('lost'))
    await until(() => feed.last() === 'flowing')
    publish(3)
    await until(() => feed.changes.length === 1)
  })

  test('joins anew with a fresh token after the server ended the channel of an expired one', async () => {
    const feed = listen()
    await until(() => feed.last() === 'flowing')
    gateway.gateway.setFaults({ expireTokens: true })
    await until(() => feed.statuses.includes('lost'))
    await until(() => feed.last() === 'flowing')
    expect(feed.reasons).toContainEqual(expect.stringContaining('Token has expired'))
    publish(4)
    await until(() => feed.changes.length === 1)
  })

  test('goes on trying while the server refuses connections', async () => {
    gateway.gateway.setFaults({ down: true })
    const feed = listen()
    await until(() => feed.last() === 'lost')
    gateway.gateway.setFaults({})
    await until(() => feed.last() === 'flowing')
  })

  test('a fresh token on a living channel keeps it', async () => {
    const feed = listen()
    await until(() => feed.last() === 'flowing')
    await feed.source.refreshAuth()
    publish(5)
    await until(() => feed.changes.length === 1)
    expect(feed.statuses).not.toContain('lost')
  })
})

describe('leaving', () => {
  test('is at once: nothing is heard afterwards, also when the join was still under way', async () => {
    const early = listen()
    early.leave()
    const late = listen()
    await until(() => late.last() === 'flowing')
    late.leave()
    late.leave()
    publish(6)
    await until(() => gateway.gateway.joined().length === 0)
    expect([early.statuses, late.changes, late.last()]).toEqual([[], [], 'flowing'])
  })
})

describe('the same topic again', () => {
  test('is joined anew after it was left, also while it is still being left', async () => {
    const supabase = gateway.client(token)
    const first = listen({ supabase })
    await until(() => first.last() === 'flowing')
    first.leave()
    const second = listen({ supabase })
    await until(() => second.last() === 'flowing')
    publish(7)
    await until(() => second.changes.length === 1)
    expect([first.changes, second.statuses, gateway.gateway.joined().length]).toEqual([[], ['flowing'], 1])
  })

  test('by another person of the organisation: nobody hears of the former one’s', async () => {
    const supabase = gateway.client(token)
    const ana = listen({ supabase })
    await until(() => ana.last() === 'flowing')
    ana.leave()
    ana.source.setUser?.({ actor: 'user-457', tenant: 'org-1' })
    const heard: unknown[] = []
    ana.source.join('leads', { onStatus: (status) => heard.push(status), onChange: (change) => heard.push(change) })
    await until(() => heard.length === 1)
    publish(8)
    await until(() => heard.length === 2)
    expect([heard[0], ana.changes]).toEqual(['flowing', []])
  })

  test('nobody’s is joined by nobody', () => {
    const source = createSupabaseChangeSource({ supabase: gateway.client(token), clock, random })
    expect(() => source.join('leads', { onStatus: () => {}, onChange: () => {} })).toThrow('setUser')
  })
})

describe('what a server says of the database', () => {
  test('its messages come through from now on: what came before is asked for', async () => {
    const { hear, told } = await openFake()
    hear({ extension: 'system', status: 'ok', message: 'Replication connection established' }, 'system')
    expect(told).toEqual(['channel', 'flowing', 'flowing'])
  })

  test('they do not come through: the channel is joined anew', async () => {
    const { hear, told, clock } = await openFake()
    hear({ extension: 'system', status: 'error', message: 'Replication connection is not ready' }, 'system')
    await clock.advance(1_000)
    expect(told).toEqual(['channel', 'flowing', 'removed', 'lost: Replication connection is not ready', 'channel', 'flowing'])
  })

  test('nothing is ever sent on a name that is too long: joining it is refused', () => {
    const source = createSupabaseChangeSource({ supabase: gateway.client(token), clock, random })
    const nothing = { onStatus: () => {}, onChange: () => {} }
    source.setUser?.({ actor: 'user-456', tenant: 'ü'.repeat(117) })
    source.join('leads', nothing)()
    source.setUser?.({ actor: 'user-456', tenant: 'ü'.repeat(118) })
    expect(() => source.join('leads', nothing)).toThrow('too long')
  })
})

describe('what a message may hold', () => {
  test.each([
    ['changes', { changes: [1, 2], id: 'x' }, [1, 2]],
    ['a hint', { hint: true, id: 'x' }, [{ hint: true }]],
    ['both', { changes: [1], hint: true }, [1, { hint: true }]],
    ['neither, which is news all the same', { news: true }, [{ hint: true }]],
    ['nothing', undefined, [{ hint: true }]],
    ['no changes', { changes: [] }, []],
  ])('%s', async (_name, payload, expected) => {
    const { hear, changes } = await openFake()
    hear({ payload })
    expect(changes).toEqual(expected)
  })

  test('whoever leaves while being told is told nothing more', async () => {
    const { hear, changes, leave } = await openFake({ onChange: () => leave() })
    hear({ payload: { changes: [1, 2] } })
    expect(changes).toEqual([1])
  })
})

describe('a host whose functions hang', () => {
  /** A client on a clock that stands still. */
  function openClient({
    getAccessToken,
    setAuth = async () => {},
  }: {
    getAccessToken?: () => Promise<string | null>
    setAuth?: () => Promise<void>
  }) {
    const clock = fakeClock()
    const log: string[] = []
    const channel = { state: 'closed', on: () => channel, subscribe: () => log.push('subscribe') }
    const supabase = {
      realtime: {
        setAuth: (given?: string | null) => {
          log.push(`token ${given}`)
          return setAuth()
        },
      },
      channel: () => channel,
      removeChannel: () => Promise.reject(new Error('broken')),
    }
    const source = createSupabaseChangeSource({ supabase, clock, random, ...(getAccessToken && { getAccessToken }) })
    source.setUser?.(ANA)
    const leave = source.join('leads', { onStatus: (status, reason) => log.push(`${status} ${reason}`), onChange: () => {} })
    return { clock, log, source, leave, joins: () => log.filter((entry) => entry === 'subscribe').length }
  }

  test('a token function that never answers is given up after 20 s, told, and asked again', async () => {
    let asked = 0
    const getAccessToken = () => {
      asked += 1
      return asked === 1 ? new Promise<never>(() => {}) : Promise.resolve('second')
    }
    const { clock, log, leave, joins } = openClient({ getAccessToken })
    await clock.advance(19_999)
    expect(log).toEqual([])
    await clock.advance(1)
    expect(log).toEqual([expect.stringMatching(/^lost the access token cannot be had now.*20 seconds/)])
    await clock.advance(1_000)
    expect([joins(), asked]).toEqual([1, 2])
    leave()
    await clock.advance(0)
    expect(clock.pending()).toBe(0)
  })

  test('a client that never takes its token is given up after 20 s as well', async () => {
    const { clock, log, joins } = openClient({ setAuth: () => new Promise(() => {}) })
    await clock.advance(20_000)
    expect([joins(), log.at(-1)]).toEqual([0, expect.stringMatching(/^lost the access token cannot be had now/)])
  })

  test('a token that comes late does not replace the one that was asked for later', async () => {
    const answers: ((token: string) => void)[] = []
    const { clock, log, source, joins } = openClient({ getAccessToken: () => new Promise((resolve) => answers.push(resolve)) })
    void source.refreshAuth()
    answers[1]?.('of ben')
    await clock.advance(0)
    answers[0]?.('of ana')
    await clock.advance(0)
    expect([log.filter((entry) => entry.startsWith('token')), joins()]).toEqual([['token of ben'], 1])
  })

  test('a function that throws at once is as one that rejects', async () => {
    const getAccessToken = () => {
      throw new Error('no session')
    }
    const { clock, log } = openClient({ getAccessToken })
    await clock.advance(0)
    expect(log).toEqual([expect.stringContaining('Error: no session')])
  })
})
