import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { aLead } from '@org/contracts/testing'
import { fastClock, openGateway, until } from '../../test/realtime/gatewayHarness.js'
import type { FeedStatus } from '../ports/ChangeSource.js'
import { fakeClock } from '../testing/fakeClock.js'
import { createSupabaseChangeSource, type SupabaseChangeSourceOptions } from './supabaseChangeSource.js'

const random = { uniform: () => 0, bytes: (length: number) => new Uint8Array(length) }
const clock = fastClock(50)

let gateway: Awaited<ReturnType<typeof openGateway>>
let closeSource = () => {}

beforeEach(async () => {
  gateway = await openGateway()
})

afterEach(() => gateway.close(closeSource))

function listen(options: Partial<SupabaseChangeSourceOptions> = {}, table = 'leads') {
  const statuses: FeedStatus[] = []
  const reasons: string[] = []
  const changes: { eventType: string; new: { version?: number }; old: unknown }[] = []
  const source = createSupabaseChangeSource({ supabase: gateway.client(token), clock, random, ...options })
  closeSource = source.close
  const leave = source.join(table, {
    onStatus: (status, reason) => {
      statuses.push(status)
      if (reason !== undefined) reasons.push(reason)
    },
    onChange: (change) => changes.push(change as (typeof changes)[number]),
  })
  return { source, leave, statuses, reasons, changes, last: () => statuses.at(-1) }
}

const token = () => gateway.identity.issueToken({ user: 'ana' })

function publish(version: number): void {
  gateway.publish('leads', { eventType: 'UPDATE', new: aLead({ version }), old: { id: 'lead-123' } })
}

describe('joining', () => {
  test('hands the token over first, so that row-level security lets changes through', async () => {
    const feed = listen()
    await until(() => feed.last() === 'flowing')
    expect(feed.statuses).toEqual(['joined', 'flowing'])
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

  test('is no more than joined until the server says that changes flow', async () => {
    gateway.gateway.setFaults({ lateSystemMs: 200 })
    const feed = listen()
    await until(() => feed.statuses.length === 1)
    expect(feed.statuses).toEqual(['joined'])
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

  test('a table that is not published is lost, with the reason', async () => {
    const feed = listen({}, 'secrets')
    await until(() => feed.reasons.length > 0)
    expect(feed.last()).toBe('lost')
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
    expect(feed.reasons).toContain('the server closed the channel')
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
    const channel = { on: () => channel, subscribe: () => log.push('subscribe') }
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
