import { setTimeout as after } from 'node:timers/promises'
import type { Browser, Page } from '@playwright/test'
import type { World } from './openWorld.js'

export interface TakeOver {
  how: string
  tabs: number
  connectionsBefore: number
  takeOverMs: number
  connectionsAfter: number
}

const WAYS: Readonly<Record<string, (leader: Page) => Promise<unknown>>> = {
  'tab closed': (leader) => leader.close(),
  'navigated away': (leader) => leader.goto('about:blank'),
  'renderer crashed': (leader) => leader.goto('chrome://crash').catch(() => undefined),
  'script hangs': async (leader) => {
    await leader.evaluate(
      () =>
        void setTimeout(() => {
          for (;;);
        }, 0),
    )
    // A change may not slip through before the loop begins.
    await after(100)
  },
}

/** Three tabs of one user and one connection; the leader ends, and a change has to arrive in the others. */
export async function measureTakeOver(browser: Browser, world: World): Promise<TakeOver[]> {
  const results: TakeOver[] = []
  for (const [how, end] of Object.entries(WAYS)) {
    const context = await browser.newContext()
    const tabs: Page[] = []
    for (let index = 0; index < 3; index += 1) tabs.push(await openLiveTab(await context.newPage(), world))
    const connectionsBefore = world.gateway.connectionCount()
    const [leader, ...others] = tabs
    const began = performance.now()
    await end(leader!)
    while (!(await arrives(world, others))) await after(5)
    const takeOverMs = Math.round(performance.now() - began)
    results.push({ how, tabs: tabs.length, connectionsBefore, takeOverMs, connectionsAfter: world.gateway.connectionCount() })
    await context.close()
    while (world.gateway.connectionCount() > 0) await after(5)
  }
  return results
}

async function openLiveTab(page: Page, world: World): Promise<Page> {
  await page.goto(world.url)
  await page.waitForFunction(() => 'bench' in globalThis)
  await page.evaluate((token) => bench.openTab(token), await world.token())
  await page.waitForFunction(() => stateOf() === 'live')
  return page
}

async function arrives(world: World, tabs: readonly Page[]): Promise<boolean> {
  const note = world.push()
  await after(20)
  const heard = await Promise.all(tabs.map((tab) => tab.evaluate((wanted) => seen.includes(wanted), note)))
  return heard.every(Boolean)
}

declare const bench: { openTab(token: string): void }
declare const seen: string[]
declare function stateOf(): string
