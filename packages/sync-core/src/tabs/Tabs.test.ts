import { beforeEach, describe, expect, test } from '@jest/globals'
import { z } from '@org/contracts/client'
import type { Report } from '../telemetry/report.js'
import { FakeBrowser } from '../testing/FakeBrowser.js'
import { fakeClock } from '../testing/fakeClock.js'
import { settle } from '../testing/settle.js'
import { Leadership } from './Leadership.js'
import { Tabs } from './Tabs.js'
import type { TabMessages } from './TabTalk.js'

const GREETINGS: TabMessages<{ type: 'hello'; to: string }> = {
  room: 'greetings',
  channel: ':greetings',
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
  const report: Report = (code, detail) => diagnostics.push(`${tabId}: ${code} ${JSON.stringify(detail)}`)
  const tabs = new Tabs({ tabId, locks, connectivity, openTabChannel, clock: fakeClock(), report })
  return { tab, tabs, presence: tabs.enter('ana') }
}

describe('who lives', () => {
  test('everyone who wants to know when a tab ends is told, and nobody twice', async () => {
    const a = openTab('a')
    const b = openTab('b')
    await settle()
    const told: string[] = []
    const first = () => told.push('first')
    b.presence.watch('a', first)
    b.presence.watch('a', () => told.push('second'))
    b.presence.watch('a', first)
    expect(b.presence.isDead('a')).toBe(false)
    a.tab.kill()
    await settle()
    expect([told, b.presence.isDead('a')]).toEqual([['first', 'second'], true])
  })

  test('a page that was put aside counts as gone, and as alive again as soon as it speaks; its end is told once more', async () => {
    const a = openTab('a')
    const b = openTab('b')
    const talk = a.tabs.talk('ana', GREETINGS)
    b.tabs.talk('ana', GREETINGS).listen(() => {})
    let ends = 0
    b.presence.watch('a', () => {
      ends += 1
    })
    await settle()
    a.tab.hint('pagehide')
    await settle()
    expect([ends, b.presence.isDead('a')]).toEqual([1, true])
    a.tab.hint('visible')
    await settle()
    talk.say({ type: 'hello', to: 'b' })
    await settle()
    expect([ends, b.presence.isDead('a')]).toEqual([1, false])
    a.tab.kill()
    await settle()
    expect([ends, b.presence.isDead('a')]).toEqual([2, true])
  })

  test('a tab that is in a group twice leaves it with the second', async () => {
    const a = openTab('a')
    expect(a.tabs.enter('ana')).toBe(a.presence)
    const b = openTab('b')
    b.presence.watch('a', () => {})
    a.presence.leave()
    await settle()
    expect(b.presence.isDead('a')).toBe(false)
    a.presence.leave()
    await settle()
    expect(b.presence.isDead('a')).toBe(true)
  })

  test('nobody watches itself', async () => {
    const a = openTab('a')
    a.presence.watch('a', () => diagnostics.push('a is dead'))
    a.presence.leave()
    await settle()
    expect([diagnostics, a.presence.isDead('a')]).toEqual([[], false])
  })
})

describe('telling the others', () => {
  test('a message arrives with the tab that said it, and not at other groups or rooms', async () => {
    const a = openTab('a')
    const b = openTab('b')
    const heard: unknown[] = []
    b.tabs.talk('ana', GREETINGS).listen((message, from) => heard.push(message, from))
    b.tabs.talk('eve', GREETINGS).listen(() => heard.push('eve'))
    b.tabs.talk('ana', { ...GREETINGS, channel: ':other' }).listen(() => heard.push('other'))
    a.tabs.talk('ana', GREETINGS).say({ type: 'hello', to: 'b' })
    await settle()
    expect(heard).toEqual([{ type: 'hello', to: 'b' }, 'a'])
  })

  test('what no tab of ours says goes no further, and is told once', async () => {
    const b = openTab('b')
    const heard: unknown[] = []
    b.tabs.talk('ana', GREETINGS).listen((message) => heard.push(message))
    const stranger = browser.openTab().openTabChannel('ana:greetings')
    for (const message of [null, 7, 'x', [], { type: 'hello' }, { type: 'hello', to: 'b', scope: 'eve' }, { type: 'bye', scope: 'ana' }])
      stranger.post(message)
    await settle()
    expect(heard).toEqual([])
    expect(diagnostics).toEqual(['b: TAB_MESSAGE_REFUSED {"room":"greetings"}'])
    stranger.post({ type: 'hello', to: 'b', scope: 'ana', of: 'a later version' })
    await settle()
    expect(heard).toEqual([{ type: 'hello', to: 'b' }])
  })

  test('a talk that was closed hears nothing', async () => {
    const a = openTab('a')
    const b = openTab('b')
    const heard: unknown[] = []
    const talk = b.tabs.talk('ana', GREETINGS)
    talk.listen((message) => heard.push(message))
    talk.close()
    a.tabs.talk('ana', GREETINGS).say({ type: 'hello', to: 'b' })
    await settle()
    expect(heard).toEqual([])
  })
})

describe('who leads', () => {
  test('one tab at a time, the next when it goes', async () => {
    const told: string[] = []
    const stand = (name: string) => {
      const opened = openTab(name)
      const { locks, clock } = opened.tabs.options
      const leadership = new Leadership({ locks, clock, name: 'work', onGained: () => told.push(`${name} leads`), onStolen: () => {} })
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
