import { describe, expect, test } from '@jest/globals'
import { createWebLocks } from '../adapters/webLocks.js'
import type { ConnectivityEvent } from '../ports/Connectivity.js'
import { fakeClock } from '../testing/fakeClock.js'
import { settle } from '../testing/settle.js'
import { LazyRealtime } from './LazyRealtime.js'
import type { RealtimeController } from './RealtimeSyncService.js'

const ANA = { actor: 'ana', tenant: 'org-1' }
const BEN = { actor: 'ben', tenant: 'org-1' }

function openPage({ isOnline = true } = {}) {
  const log: string[] = []
  const clock = fakeClock()
  const connectivityListeners = new Set<(event: ConnectivityEvent) => void>()
  const stateListeners = new Set<() => void>()
  let online = isOnline
  let canAnswer = true
  let reach = () => {}
  let finish: (loaded: RealtimeController | Error) => void = () => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  const service: RealtimeController = {
    subscribe: (table) => {
      log.push(`subscribe ${table}`)
      return () => log.push(`unsubscribe ${table}`)
    },
    getSubscriptions: () => [],
    getState: () => ({ state: 'live', lastSyncedAt: 7 }),
    subscribeState: (listener) => {
      stateListeners.add(listener)
      return () => {}
    },
    setUser: (user) => log.push(`user ${user?.actor ?? null}`),
    nudge: () => log.push('nudge'),
    refreshAuth: () => log.push('refresh'),
    destroy: () => log.push('destroy'),
  }
  const realtime = new LazyRealtime({
    platform: {
      clock,
      random: { uniform: () => 1, bytes: (length) => new Uint8Array(length) },
      connectivity: {
        isOnline: () => online,
        isVisible: () => true,
        subscribe: (listener) => {
          connectivityListeners.add(listener)
          return () => connectivityListeners.delete(listener)
        },
      },
      locks: createWebLocks(undefined),
      report: (code) => log.push(code),
    },
    reached,
    probe: async () => {
      log.push('probe')
      if (!canAnswer) throw new TypeError('no answer')
      reach()
    },
    load: () => {
      log.push('load')
      return new Promise((resolve, reject) => {
        finish = (loaded) => (loaded instanceof Error ? reject(loaded) : resolve(loaded))
      })
    },
    onUnused: () => log.push('unused'),
  })
  realtime.subscribeState(() => log.push(`state ${realtime.getState('leads').state}`))
  return {
    log,
    clock,
    realtime,
    /** What was logged since the last look. */
    news: () => log.splice(0),
    state: () => realtime.getState('leads').state,
    serverAnswers: async (answers = true) => {
      canAnswer = answers
      if (answers) reach()
      await settle()
    },
    serverIsAway: () => {
      canAnswer = false
    },
    serverIsBack: () => {
      canAnswer = true
    },
    hint: async (event: ConnectivityEvent) => {
      if (event === 'online' || event === 'offline') online = event === 'online'
      for (const listener of connectivityListeners) listener(event)
      await settle()
    },
    finish: async (loaded: RealtimeController | Error = service) => {
      finish(loaded)
      await settle()
    },
    serviceChanges: () => {
      for (const listener of stateListeners) listener()
    },
  }
}

const watch = (page: ReturnType<typeof openPage>, table = 'leads') => page.realtime.subscribe(table, () => {})

describe('realtime that is loaded when it is needed', () => {
  test('loads once somebody is here, a table is watched, and the server was reached; in whichever order', async () => {
    const page = openPage()
    await page.serverAnswers()
    page.realtime.setUser(ANA)
    expect(page.news()).not.toContain('load')
    watch(page)
    watch(page, 'appointments')
    expect(page.news().filter((entry) => entry === 'load')).toEqual(['load'])
    const other = openPage()
    watch(other)
    other.realtime.setUser(ANA)
    await settle()
    expect(other.log).not.toContain('load')
    await other.serverAnswers()
    expect(other.log).toContain('load')
  })

  test('whatever is wanted when the code is there is handed over, for whoever is here then', async () => {
    const page = openPage()
    await page.serverAnswers()
    page.realtime.setUser(ANA)
    const leaveLeads = watch(page)
    watch(page, 'appointments')()
    page.realtime.setUser(BEN)
    page.news()
    await page.finish()
    expect(page.news()).toEqual(['subscribe leads', 'user ben'])
    leaveLeads()
    leaveLeads()
    watch(page, 'sms_messages')()
    page.realtime.setUser(null)
    page.realtime.nudge()
    page.realtime.refreshAuth()
    page.realtime.destroy()
    const wanted = ['unsubscribe leads', 'subscribe sms_messages', 'unsubscribe sms_messages', 'user null', 'nudge', 'refresh', 'destroy']
    expect(page.news()).toEqual(wanted)
  })

  test('says before how tables stand: idle, connecting, offline', async () => {
    const page = openPage()
    expect([page.state(), page.realtime.getSubscriptions()]).toEqual(['idle', []])
    const leave = watch(page)
    expect(page.state()).toBe('idle')
    page.realtime.setUser(ANA)
    expect(page.realtime.getSubscriptions()).toEqual([
      {
        key: 'leads',
        listeners: 1,
        state: 'connecting',
        cursor: null,
        lastEventAt: null,
        complete: false,
        received: 0,
        duplicates: 0,
        staleDropped: 0,
        gapsRepaired: 0,
      },
    ])
    expect(page.realtime.getState('leads')).toBe(page.realtime.getState('leads'))
    await page.hint('offline')
    expect(page.state()).toBe('offline')
    leave()
    expect([page.state(), page.realtime.getSubscriptions()]).toEqual(['idle', []])
  })

  test('tells what the service says of tables from then on', async () => {
    const page = openPage()
    await page.serverAnswers()
    page.realtime.setUser(ANA)
    watch(page)
    await page.finish()
    page.news()
    page.serviceChanges()
    expect(page.news()).toEqual(['state live'])
  })

  test('asks the server where nobody else does, ever less often, at once when the network is back', async () => {
    const page = openPage({ isOnline: false })
    page.serverIsAway()
    page.realtime.setUser(ANA)
    watch(page)
    await page.clock.advance(300_000)
    expect(page.log.filter((entry) => entry === 'probe')).toHaveLength(14)
    expect([page.log.includes('load'), page.state()]).toEqual([false, 'offline'])
    page.news()
    page.serverIsBack()
    await page.hint('online')
    expect(page.news().filter((entry) => !entry.startsWith('state'))).toEqual(['probe', 'load'])
    expect(page.state()).toBe('connecting')
    await page.finish()
    expect(page.clock.pending()).toBe(0)
  })

  test('asks nobody while nobody is here', async () => {
    const page = openPage()
    watch(page)
    page.realtime.setUser(ANA)
    page.realtime.setUser(null)
    await page.clock.advance(60_000)
    expect(page.log).not.toContain('probe')
  })

  test('that cannot be loaded leaves tables stale, says so once, and is not asked for again', async () => {
    const page = openPage()
    await page.serverAnswers()
    page.realtime.setUser(ANA)
    watch(page)
    await page.finish(new TypeError('Failed to fetch dynamically imported module'))
    expect(page.state()).toBe('stale')
    page.realtime.setUser(BEN)
    watch(page)
    page.realtime.refreshAuth()
    await page.hint('offline')
    await page.hint('online')
    await page.clock.advance(300_000)
    expect(page.log.filter((entry) => entry === 'load' || entry === 'CHUNK_MISSING')).toEqual(['load', 'CHUNK_MISSING'])
    expect([page.state(), page.clock.pending()]).toEqual(['stale', 0])
  })

  test('that takes long leaves tables stale meanwhile, and is taken when it comes', async () => {
    const page = openPage()
    await page.serverAnswers()
    page.realtime.setUser(ANA)
    watch(page)
    await page.clock.advance(19_999)
    expect(page.state()).toBe('connecting')
    await page.clock.advance(1)
    expect(page.state()).toBe('stale')
    await page.finish()
    expect([page.state(), page.log.includes('CHUNK_MISSING'), page.clock.pending()]).toEqual(['live', false, 0])
  })

  test('destroyed meanwhile, nothing is left of it', async () => {
    const page = openPage()
    await page.serverAnswers()
    page.realtime.setUser(ANA)
    watch(page)
    page.realtime.destroy()
    page.news()
    await page.finish()
    expect([page.news(), page.clock.pending()]).toEqual([['destroy'], 0])
    const unused = openPage()
    unused.realtime.setUser(ANA)
    watch(unused)
    unused.realtime.destroy()
    await unused.serverAnswers()
    expect([unused.log.includes('load'), unused.log.includes('unused'), unused.clock.pending()]).toEqual([false, true, 0])
  })
})
