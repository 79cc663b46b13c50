import { findSystemProgram } from '@org/tooling/system-programs'
import puppeteer, { type BrowserContext, type Page } from 'puppeteer-core'
import type { Engine, Key, Profile, Tab } from './Engine.js'
import { untilStill } from './untilStill.js'

/** Firefox by WebDriver BiDi, which it speaks by itself. */
export async function startFirefox(): Promise<Engine> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: findSystemProgram('firefox') ?? '/usr/bin/firefox-esr',
    headless: true,
    defaultViewport: { width: 1280, height: 900 },
    // A process a tab, or one that hangs would take another one of its site along.
    extraPrefsFirefox: { 'dom.ipc.processCount.webIsolated': 16 },
  })
  return {
    name: 'firefox',
    newProfile: async () => new FirefoxProfile(await browser.createBrowserContext()),
    close: () => browser.close(),
  }
}

class FirefoxProfile implements Profile {
  readonly #context: BrowserContext

  constructor(context: BrowserContext) {
    this.#context = context
  }

  async openTab(url: string): Promise<Tab> {
    const page = await this.#context.newPage()
    await page.goto(url)
    return new FirefoxTab(page)
  }

  close(): Promise<void> {
    return this.#context.close()
  }
}

class FirefoxTab implements Tab {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  evaluate<Result, Given>(work: (given: Given) => Result | Promise<Result>, given?: Given): Promise<Result> {
    return this.#page.evaluate(work as (given: unknown) => Result | Promise<Result>, given)
  }

  async goto(url: string): Promise<void> {
    await this.#page.goto(url)
  }

  async reload(): Promise<void> {
    await this.#page.reload()
  }

  async click(selector: string): Promise<void> {
    await this.evaluate(untilStill, selector)
    await this.#page.click(selector)
  }

  press(key: Key): Promise<void> {
    return this.#page.keyboard.press(key)
  }

  show(): Promise<void> {
    return this.#page.bringToFront()
  }

  close(): Promise<void> {
    return this.#page.close()
  }
}
