import { chromiumLaunch } from '@org/tooling/chromium'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import type { Engine, Key, Profile, Tab } from './Engine.js'
import { untilStill } from './untilStill.js'

/** Chromium by Playwright. */
export async function startChromium(): Promise<Engine> {
  const browser = await chromium.launch(chromiumLaunch())
  return {
    name: 'chromium',
    newProfile: async () => new ChromiumProfile(await browser.newContext()),
    close: () => browser.close(),
  }
}

export class ChromiumProfile implements Profile {
  /** For what can be asked of Chromium alone. */
  readonly context: BrowserContext

  constructor(context: BrowserContext) {
    this.context = context
  }

  async openTab(url: string): Promise<ChromiumTab> {
    const page = await this.context.newPage()
    await page.goto(url)
    return new ChromiumTab(page)
  }

  close(): Promise<void> {
    return this.context.close()
  }
}

export class ChromiumTab implements Tab {
  /** For what can be asked of Chromium alone. */
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  evaluate<Result, Given>(work: (given: Given) => Result | Promise<Result>, given?: Given): Promise<Result> {
    return this.page.evaluate(work as (given: unknown) => Result | Promise<Result>, given as unknown)
  }

  async goto(url: string): Promise<void> {
    await this.page.goto(url)
  }

  async reload(): Promise<void> {
    await this.page.reload()
  }

  async click(selector: string): Promise<void> {
    await this.evaluate(untilStill, selector)
    const box = await this.page.locator(selector).first().boundingBox()
    if (box === null) throw new Error(`Nothing to be seen matches ${selector}`)
    await this.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
  }

  press(key: Key): Promise<void> {
    return this.page.keyboard.press(key)
  }

  show(): Promise<void> {
    return this.page.bringToFront()
  }

  close(): Promise<void> {
    return this.page.close()
  }
}
