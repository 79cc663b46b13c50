import { beforeEach, describe, expect, test } from '@jest/globals'
import { z } from '@org/contracts/client'
import { FakeBrowser } from '../testing/FakeBrowser.js'
import { fakeClock } from '../testing/fakeClock.js'
import { settle } from '../testing/settle.js'
import { leadershipIn } from './Leadership.js'
import { Tabs } from './Tabs.js'
import type { TabMessages } from './TabTalk.js'

const GREETINGS: TabMessages<{ type: 'hello'; to: string }> = {
  room: 'greetings',
  channel: ':greetings',
  isScoped: true,
  schema: z.object({ type: z.literal('hello'), to: z.string() }),
}

let browser: FakeBrowser
let diagnostics: string[]
beforeEach(() => {
  browser = new FakeBrowser()
  diagnostics = []
})

function openTab(tabId: string) {
  const tab = browser.openTab()
  const { locks, connectivity, openTabChannel } = tab
  const report = (code: string, message: string) => diagnostics.push(`${tabId}: ${code} ${message}`)
  const tabs = new Tabs({ tabId, locks, connectivity, openTabChannel, clock: fakeClock(), report })
  const group = tabs.join('ana')
  // Asked for, so that it lives for the others.
  return { tab, tabs, group, presence: group.presence }
}

describe('who lives', () => {
  test('everyone who wants to know when a tab ends is told, and nobody twice', async () => {
    const a = openTab('a')
    const b = openTab('b')
    await settle()
    const told: string[] = []
    const first = () => told.push('first')
    b.group.presence.watch('a', first)
    b.group.presence.watch('a', () => told.push('second'))
    b.group.presence.watch('a', first)
    expect(b.group.presence.isDead('a')).toBe(false)
    a.tab.kill()
    await settle()
    expect([told, b.group.presence.isDead('a')]).toEqual([['first', 'second'], true])
  })

  test('a page that was put aside counts as gone, and as alive again as soon as it speaks; its end is told once more', async () => {
    const a = openTab('a')
    const b = openTab('b')
    const talk = a.group.talk(GREETINGS)
    b.group.talk(GREETINGS).listen(() => {})
    let ends = 0
    b.group.presence.watch('a', () => {
      ends += 1
    })
    await settle()
    a.tab.hint('pagehide')
    await settle()
    expect([ends, b.group.presence.isDead('a')]).toEqual([1, true])
    a.tab.hint('visible')
    await settle()
    talk.say({ type: 'hello', to: 'b' })
    await settle()
    expect([ends, b.group.presence.isDead('a')]).toEqual([1, false])
    a.tab.kill()
    await settle()
    expect([ends, b.group.presence.isDead('a')]).toEqual([2, true])
  })

  test('a tab that is in a group twice leaves it with the second', async () => {
    const a = openTab('a')
    const again = a.tabs.join('ana')
    expect(again.presence).toBe(a.presence)
    const b = openTab('b')
    b.group.presence.watch('a', () => {})
    a.group.leave()
    a.group.leave()
    await settle()
    expect(b.group.presence.isDead('a')).toBe(false)
    again.leave()
    await settle()
    expect(b.group.presence.isDead('a')).toBe(true)
  })

  test('nobody watches itself', async () => {
    const a = openTab('a')
    a.group.presence.watch('a', () => diagnostics.push('a is dead'))
    a.group.leave()
    await settle()
    expect([diagnostics, a.group.presence.isDead('a')]).toEqual([[], false])
  })
})

describe('telling the others', () => {
  test('a message arrives with the tab that said it, and not at other groups or rooms', async () => {
    const a = openTab('a')
    const b = openTab('b')
    const heard: unknown[] = []
    b.group.talk(GREETINGS).listen((message, from) => heard.push(message, from))
    b.tabs
      .join('eve')
      .talk(GREETINGS)
      .listen(() => heard.push('eve'))
    b.group.talk({ ...GREETINGS, channel: ':other' }).listen(() => heard.push('other'))
    a.group.talk(GREETINGS).say({ type: 'hello', to: 'b' })
    await settle()
    expect(heard).toEqual([{ type: 'hello', to: 'b' }, 'a'])
  })

  test('what no tab of ours says goes no further, and is told once', async () => {
    const b = openTab('b')
    const heard: unknown[] = []
    b.group.talk(GREETINGS).listen((message) => heard.push(message))
    const stranger = browser.openTab().openTabChannel('ana:greetings')
    for (const message of [null, 7, 'x', [], { type: 'hello' }, { type: 'hello', to: 'b', scope: 'eve' }, { type: 'bye', scope: 'ana' }])
      stranger.post(message)
    await settle()
    expect(heard).toEqual([])
    expect(diagnostics).toEqual([expect.stringContaining('b: TAB_MESSAGE_REFUSED A page of this origin said something')])
    stranger.post({ type: 'hello', to: 'b', scope: 'ana', of: 'a later version' })
    await settle()
    expect(heard).toEqual([{ type: 'hello', to: 'b' }])
  })

  test('a group that was left hears nothing', async () => {
    const a = openTab('a')
    const b = openTab('b')
    const heard: unknown[] = []
    b.group.talk(GREETINGS).listen((message) => heard.push(message))
    b.group.leave()
    a.group.talk(GREETINGS).say({ type: 'hello', to: 'b' })
    await settle()
    expect(heard).toEqual([])
  })
})

describe('who leads', () => {
  test('one tab at a time, the next when it goes', async () => {
    const told: string[] = []
    const stand = (name: string) => {
      const opened = openTab(name)
      const leadership = leadershipIn(opened.group, 'work', { onGained: () => told.push(`${name} leads`), onStolen: () => {} })
      leadership.stand()
      return { ...opened, leadership }
    }
    const a = stand('a')
    const b = stand('b')
    await settle()
    a.tab.kill()
    await settle()
    expect([told, b.leadership.isLeader]).toEqual([['a leads', 'b leads'], true])
  })
})
