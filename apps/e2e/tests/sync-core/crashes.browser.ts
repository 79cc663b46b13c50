import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromiumLaunch } from '@org/tooling/chromium'
import { chromium } from '@playwright/test'
import { ChromiumProfile } from '../../engines/drivers/chromium.js'
import { pageOf } from './chromiumAlone.js'
import { expect, test } from './world.js'

test('the sending tab crashes in mid-flight: another one finishes the click', async ({ world }) => {
  const [sender, other] = [await world.openTab(), await world.openTab()]
  world.server.api.hold()
  const id = await sender.evaluate(() => page.status('lead-1', 'contacted'))
  await expect.poll(() => world.server.api.writes.length).toBe(1)
  const crashing = pageOf(sender)
  const devtools = await crashing.context().newCDPSession(crashing)
  void devtools.send('Page.crash').catch(() => undefined)
  world.server.api.release()
  await expect.poll(() => other.evaluate((key) => page.phase(key), id)).toBe('success')
  expect(world.server.api.effects).toEqual([id])
})

test('a killed browser keeps what was clicked', async ({ world }) => {
  const folder = mkdtempSync(join(tmpdir(), 'sync-core-profile-'))
  const launch = () => chromium.launchPersistentContext(folder, chromiumLaunch())
  try {
    const before = await launch()
    const tab = await world.openTab({ profile: new ChromiumProfile(before) })
    world.server.api.stop()
    const id = await tab.evaluate(() => page.status('lead-1', 'contacted'))
    await expect.poll(() => tab.evaluate(() => page.stored())).toBe(1)
    const devtools = await before.browser()?.newBrowserCDPSession()
    await devtools?.send('Browser.crash').catch(() => undefined)
    await before.close().catch(() => undefined)
    world.server.api.start()
    const after = await launch()
    const reopened = await world.openTab({ profile: new ChromiumProfile(after) })
    await expect.poll(() => reopened.evaluate((key) => page.phase(key), id)).toBe('success')
    expect(world.server.api.effects).toEqual([id])
    await after.close()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
