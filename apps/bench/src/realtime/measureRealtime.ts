import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { chromium, type LaunchOptions } from '@playwright/test'
import { measureTakeOver, type TakeOver } from './measureTakeOver.js'
import { openWorld } from './openWorld.js'

interface Options {
  pageScript: string
  resultsFile: string
  /** How to start Chromium. */
  launch: LaunchOptions
}

const EVENTS = 5_000

/** Measures the cost of an event with many watched rows, and how fast another tab takes the connection over. */
export async function measureRealtime({ pageScript, resultsFile, launch }: Options): Promise<void> {
  const world = await openWorld(pageScript)
  const browser = await chromium.launch(launch)
  try {
    const page = await browser.newPage()
    await page.goto(world.url)
    const fanOut = []
    for (const rows of [100, 1_000, 10_000, 50_000]) {
      fanOut.push(await page.evaluate(([count, events]) => bench.fanOut(count!, events!), [rows, EVENTS]))
    }
    const selectors = await page.evaluate(() => bench.globalSelectors(10_000, 200))
    await page.close()
    console.log(`${EVENTS} events, each row watched by one store listener and one event listener`)
    console.table(fanOut)
    console.log('one store with a selector per row, for comparison')
    console.table([selectors])
    const takeOver: TakeOver[] = await measureTakeOver(browser, world)
    console.log('from the leader’s end to a change that arrives in another tab')
    console.table(takeOver)
    writeFileSync(resultsFile, `${JSON.stringify({ cpus: cpus().length, events: EVENTS, fanOut, selectors, takeOver }, null, 2)}\n`)
  } finally {
    await browser.close()
    await world.close()
  }
}

declare const bench: {
  fanOut(rows: number, events: number): Promise<Record<string, number>>
  globalSelectors(rows: number, events: number): Record<string, number>
}
