import type { BrowserContext, CDPSession, Page } from '@playwright/test'
import type { SoakPage } from './page/main.js'

declare global {
  var soak: SoakPage
}

// A tab that is busy or half dead must not hold the driver up.
const LONGEST_ANSWER_MS = 5_000

/** One tab with the client on it, and what can happen to a tab. */
export class Tab {
  state: 'alive' | 'frozen' | 'dead' = 'alive'
  /** Its storage fails for the moment. */
  hasStorageTrouble = false
  readonly #page: Page
  readonly #devtools: CDPSession

  private constructor(
    readonly name: string,
    { page, devtools }: { page: Page; devtools: CDPSession },
  ) {
    this.#page = page
    this.#devtools = devtools
    page.on('crash', () => {
      this.state = 'dead'
    })
  }

  static async open(context: BrowserContext, { name, url }: { name: string; url: string }): Promise<Tab> {
    const page = await context.newPage()
    const tab = new Tab(name, { page, devtools: await context.newCDPSession(page) })
    await tab.#load(() => page.goto(url))
    return tab
  }

  /** What `run` returns in the page; undefined when the tab does not answer in time or is gone. */
  async ask<Result, Argument>(run: (argument: Argument) => Result, argument: Argument): Promise<Awaited<Result> | undefined> {
    if (this.state !== 'alive') return undefined
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), LONGEST_ANSWER_MS)
    })
    const answer = this.#page.evaluate(run as (argument: unknown) => unknown, argument).catch(() => undefined) as Promise<
      Awaited<Result> | undefined
    >
    try {
      return await Promise.race([answer, late])
    } finally {
      clearTimeout(timer)
    }
  }

  async reload(): Promise<void> {
    await this.#load(() => this.#page.reload())
    this.hasStorageTrouble = false
  }

  async close(): Promise<void> {
    this.state = 'dead'
    await this.#page.close().catch(() => undefined)
  }

  /** Its renderer dies. */
  async crash(): Promise<void> {
    this.state = 'dead'
    void this.#devtools.send('Page.crash').catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await this.#page.close().catch(() => undefined)
  }

  async freeze(): Promise<void> {
    await this.#devtools.send('Page.setWebLifecycleState', { state: 'frozen' })
    this.state = 'frozen'
  }

  async thaw(): Promise<void> {
    if (this.state !== 'frozen') return
    await this.#devtools.send('Page.setWebLifecycleState', { state: 'active' })
    this.state = 'alive'
  }

  /** Its origin's databases are gone, for every tab. */
  async clearDatabases(origin: string): Promise<void> {
    await this.#devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' })
  }

  async #load(navigate: () => Promise<unknown>): Promise<void> {
    await navigate()
    await this.#page.waitForFunction(() => globalThis.soak !== undefined)
  }
}
