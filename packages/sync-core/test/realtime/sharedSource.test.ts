import { beforeEach, describe, expect, test } from '@jest/globals'
import { scopeName } from '../../src/identity/scopeName.js'
import type { Clock } from '../../src/ports/Clock.js'
import { createSharedChangeSource } from '../../src/realtime/createSharedChangeSource.js'
import { Tabs } from '../../src/tabs/Tabs.js'
import { FakeBrowser, type FakeTab } from '../../src/testing/FakeBrowser.js'
import { type FakeClock, fakeClock } from '../../src/testing/fakeClock.js'
import { settle } from '../../src/testing/settle.js'
import { ANA, EVE, type FakeSource, fakeSource } from './harness.js'

let clock: FakeClock
let codes: string[]
let browser: FakeBrowser

beforeEach(() => {
  clock = fakeClock()
  codes = []
  browser = new FakeBrowser()
})

interface Page {
  tab: FakeTab
  /** The tab's real connection. */
  real: FakeSource
  shared: ReturnType<typeof createSharedChangeSource>
  heard: string[]
  leave: () => void
}

/** A tab that watches `tables` from the start. Of a dead tab no timer runs. */
async function openPage({ tables = ['leads'], user = ANA, ownClock = clock as Clock } = {}): Promise<Page> {
  const tab = browser.openTab()
  const real = fakeSource()
  const tabClock: Clock = {
    now: ownClock.now,
    setTimer: (callback, delayMs) => ownClock.setTimer(() => tab.isAlive && callback(), delayMs),
  }
  const tabs = new Tabs({
    locks: tab.locks,
    openTabChannel: tab.openTabChannel,
    clock: tabClock,
    connectivity: tab.connectivity,
    report: (code) => codes.push(code),
    tabId: `tab-${pages++}`,
  })
  const shared = createSharedChangeSource({ source: real, tabs })
  const heard: string[] = []
  shared.setUser?.(user)
  const leaves = tables.map((table) =>
    shared.join(table, {
      onStatus: (status) => heard.push(`${table} ${status}`),
      onChange: (change) => heard.push(`${table} change ${String(change)}`),
    }),
  )
  await settle()
  const leave = () => {
    for (const leaveOne of leaves) leaveOne()
  }
  return { tab, real, shared, heard, leave }
}
let pages = 0

const connected = (...all: Page[]) => all.filter(({ real }) => real.isJoined('leads')).length
const last = (page: Page) => page.heard.at(-1)

async function pushed(page: Page, change: string): Promise<void> {
  page.real.push('leads', change)
  await settle()
}

describe('one connection for all tabs', () => {
  test('the first tab connects; the others hear statuses and changes through it', async () => {
    const first = await openPage()
    const second = await openPage()
    const third = await openPage()
    first.real.status('leads', 'flowing')
    await pushed(first, 'v1')
    expect(connected(first, second, third)).toBe(1)
    for (const page of [second, third]) expect(page.heard.slice(-2)).toEqual(['leads flowing', 'leads change v1'])
    expect(first.heard).toEqual(['leads flowing', 'leads change v1'])
  })

  test('joins for a follower what the leader itself does not watch, and leaves it with the follower', async () => {
    const leader = await openPage({ tables: [] })
    const follower = await openPage({ tables: ['leads', 'appointments'] })
    expect(leader.real.calls).toEqual(['join leads', 'join appointments'])
    follower.leave()
    await settle()
    expect(leader.real.calls.slice(2)).toEqual(['leave leads', 'leave appointments'])
  })

  test('leaves what only a follower wanted as soon as that one crashes', async () => {
    const leader = await openPage({ tables: [] })
    const follower = await openPage()
    expect(leader.real.calls).toEqual(['join leads'])
    follower.tab.kill()
    await settle()
    expect(leader.real.calls).toEqual(['join leads', 'leave leads'])
  })

  test('a follower whose wish was lost is heard within half a minute', async () => {
    const leader = await openPage()
    browser.losesMessages = true
    const follower = await openPage()
    browser.losesMessages = false
    await clock.advance(32_000)
    await pushed(leader, 'v1')
    expect(last(follower)).toBe('leads change v1')
  })

  test('a table that already flows is told so at once, and heartbeats repeat nothing', async () => {
    const leader = await openPage()
    leader.real.status('leads', 'flowing')
    const late = await openPage()
    expect(last(late)).toBe('leads flowing')
    const before = late.heard.length
    await clock.advance(60_000)
    expect(late.heard).toHaveLength(before)
  })

  test('a server that subscribed anew is news for followers too', async () => {
    const leader = await openPage()
    const follower = await openPage()
    leader.real.status('leads', 'flowing', 'flowing')
    await settle()
    expect(follower.heard.filter((entry) => entry === 'leads flowing')).toHaveLength(2)
  })

  test('without Web Locks every tab has its own connection', () => {
    const own = fakeSource()
    const none = { available: false, request: () => Promise.reject(new Error('none')) }
    const tab = browser.openTab()
    const options = { openTabChannel: tab.openTabChannel, clock, connectivity: tab.connectivity, report: () => {}, tabId: 'a' }
    expect(createSharedChangeSource({ source: own, tabs: new Tabs({ ...options, locks: none }) })).toBe(own)
  })

  test('another user of the browser shares nothing', async () => {
    const ana = await openPage()
    const eve = await openPage({ user: EVE })
    expect(connected(ana, eve)).toBe(2)
    await pushed(ana, 'secret')
    expect(eve.heard).not.toContain('leads change secret')
  })

  test('what another page of the origin says on the channel is read with suspicion, and told once by each tab', async () => {
    const leader = await openPage()
    const follower = await openPage()
    const stranger = browser.openTab().openTabChannel(`${scopeName(ANA)}:realtime`)
    const base = { scope: scopeName(ANA), tab: 'x', term: Number.MAX_SAFE_INTEGER }
    for (const message of [
      null,
      'x',
      {},
      { ...base, type: 'lead' },
      { ...base, type: 'want', tables: [1] },
      { ...base, scope: scopeName(EVE), type: 'lead', feeds: {} },
    ]) {
      stranger.post(message)
    }
    await settle()
    leader.real.status('leads', 'flowing')
    await settle()
    expect(last(follower)).toBe('leads flowing')
    expect(codes).toEqual(['TAB_MESSAGE_REFUSED', 'TAB_MESSAGE_REFUSED'])
  })
})

describe('when the leader goes', () => {
  test('a closed tab hands over at once, and the next one connects', async () => {
    const first = await openPage()
    const second = await openPage()
    const third = await openPage()
    first.real.status('leads', 'flowing')
    await settle()
    first.tab.hint('pagehide')
    await settle()
    expect([first.real.isJoined('leads'), second.real.isJoined('leads')]).toEqual([false, true])
    second.real.status('leads', 'flowing')
    await pushed(second, 'v2')
    for (const page of [second, third]) expect(page.heard.slice(-2)).toEqual(['leads flowing', 'leads change v2'])
  })

  test('a crashed tab is replaced through its lock', async () => {
    const first = await openPage()
    const second = await openPage()
    const third = await openPage()
    first.tab.kill()
    await settle()
    expect(connected(second, third)).toBe(1)
  })

  test('a wedged one is replaced by the first visible tab that misses it for 3 s', async () => {
    const wedged = await openPage()
    const hidden = await openPage()
    const visible = await openPage()
    hidden.tab.setVisible(false)
    wedged.tab.wedge()
    await clock.advance(2_900)
    expect(connected(hidden, visible)).toBe(0)
    await clock.advance(1_100)
    expect([hidden.real.isJoined('leads'), visible.real.isJoined('leads')]).toEqual([false, true])
    visible.real.status('leads', 'flowing')
    await settle()
    expect(last(hidden)).toBe('leads flowing')
  })

  test('a hidden tab that is shown gives the leader three more seconds', async () => {
    const wedged = await openPage()
    const page = await openPage()
    page.tab.setVisible(false)
    wedged.tab.wedge()
    await clock.advance(60_000)
    page.tab.setVisible(true)
    await clock.advance(2_000)
    expect(connected(page)).toBe(0)
    await clock.advance(2_000)
    expect(connected(page)).toBe(1)
  })

  test('tabs that cannot hear each other have a connection each, and the lock changes hands at most twice a minute per tab', async () => {
    const deaf = { post: () => {}, subscribe: () => () => {}, close: () => {} }
    const steals: number[] = []
    const open = () => {
      const tab = browser.openTab()
      const real = fakeSource()
      const tabs = new Tabs({
        locks: {
          available: true,
          request: (name, options, run) => {
            if (options.steal) steals.push(clock.now())
            return tab.locks.request(name, options, run)
          },
        },
        openTabChannel: () => deaf,
        clock,
        connectivity: tab.connectivity,
        report: () => {},
        tabId: `deaf-${pages++}`,
      })
      const shared = createSharedChangeSource({ source: real, tabs })
      shared.setUser?.(ANA)
      shared.join('leads', { onStatus: () => {}, onChange: () => {} })
      return real
    }
    const [first, second] = [open(), open()]
    await clock.advance(4_000)
    await clock.advance(116_000)
    expect([first.isJoined('leads'), second.isJoined('leads')]).toEqual([true, true])
    expect(steals.length).toBeLessThanOrEqual(8)
  })

  test('a leader that was replaced while it hung is not believed', async () => {
    const old = await openPage()
    const oldTerm = clock.now()
    const next = await openPage()
    const third = await openPage()
    old.tab.wedge()
    await clock.advance(4_000)
    const follower = next.real.isJoined('leads') ? third : next
    const before = follower.heard.length
    // It comes back to life and says what it was about to say.
    const voice = browser.openTab().openTabChannel(`${scopeName(ANA)}:realtime`)
    voice.post({ scope: scopeName(ANA), tab: 'tab-old', term: oldTerm, type: 'change', table: 'leads', change: 'stale' })
    voice.post({ scope: scopeName(ANA), tab: 'tab-old', term: oldTerm, type: 'lead', feeds: { leads: 'lost' } })
    await settle()
    expect(follower.heard).toHaveLength(before)
  })

  test('a leader that hears of a later one steps back, and the lock elects again', async () => {
    const leader = await openPage()
    leader.real.status('leads', 'flowing')
    const voice = browser.openTab().openTabChannel(`${scopeName(ANA)}:realtime`)
    voice.post({ scope: scopeName(ANA), tab: 'tab-later', term: clock.now() + 5, type: 'lead', feeds: { leads: 'lost' } })
    await settle()
    expect(leader.real.calls).toEqual(['join leads', 'leave leads', 'join leads'])
  })

  test('of two that claim the same term a follower believes the one it knows', async () => {
    const leader = await openPage()
    const follower = await openPage()
    leader.real.status('leads', 'flowing')
    await settle()
    const before = follower.heard.length
    const voice = browser.openTab().openTabChannel(`${scopeName(ANA)}:realtime`)
    voice.post({ scope: scopeName(ANA), tab: 'tab-other', term: clock.now(), type: 'lead', feeds: { leads: 'lost' } })
    await settle()
    expect(follower.heard).toHaveLength(before)
  })

  test('a tab that follows nobody just now believes no term it has seen pass', async () => {
    const first = await openPage()
    const second = await openPage()
    await clock.advance(10_000)
    first.tab.hint('pagehide')
    await settle()
    const before = first.heard.length
    const voice = browser.openTab().openTabChannel(`${scopeName(ANA)}:realtime`)
    voice.post({ scope: scopeName(ANA), tab: 'tab-ghost', term: clock.now() - 20_000, type: 'lead', feeds: { leads: 'lost' } })
    await settle()
    expect(first.heard.slice(before)).not.toContain('leads lost')
    expect(connected(first, second)).toBe(1)
  })

  test('a new leader whose clock is far behind is replaced by the first visible tab', async () => {
    const behind: Clock = { now: () => clock.now() - 3_600_000, setTimer: clock.setTimer }
    const first = await openPage()
    const third = await openPage()
    third.tab.hint('pagehide')
    first.tab.wedge()
    const second = await openPage({ ownClock: behind })
    third.tab.hint('visible')
    first.tab.kill()
    await settle()
    expect(second.real.isJoined('leads')).toBe(true)
    await clock.advance(4_000)
    expect([second.real.isJoined('leads'), third.real.isJoined('leads')]).toEqual([false, true])
    third.real.status('leads', 'flowing')
    await settle()
    expect(last(second)).toBe('leads flowing')
  })

  test('a page that comes back from the back-forward cache takes part again', async () => {
    const only = await openPage()
    only.tab.hint('pagehide')
    expect(connected(only)).toBe(0)
    only.tab.hint('visible')
    await settle()
    expect(connected(only)).toBe(1)
  })
})

describe('leaving', () => {
  test('signing out frees the lock and the connection, and signing in takes part again', async () => {
    const first = await openPage()
    const second = await openPage()
    first.shared.setUser?.(null)
    await settle()
    expect([first.real.isJoined('leads'), second.real.isJoined('leads')]).toEqual([false, true])
    first.shared.setUser?.(ANA)
    await settle()
    second.real.status('leads', 'flowing')
    await settle()
    expect(last(first)).toBe('leads flowing')
  })

  test('close leaves no timer behind', async () => {
    const page = await openPage()
    page.shared.close()
    await settle()
    expect([clock.pending(), page.real.isJoined('leads')]).toEqual([0, false])
  })
})
