import type { BrowserContext } from '@playwright/test'
import type { Random } from './random.js'
import { Tab } from './Tab.js'

const AT_ONCE = 3

/** Three tabs of one browser; for one that goes, another comes. */
export class Tabs {
  readonly #tabs: Tab[] = []
  isOffline = false
  #opened = 0

  constructor(
    readonly context: BrowserContext,
    readonly url: string,
  ) {}

  get alive(): readonly Tab[] {
    return this.#tabs.filter(({ state }) => state === 'alive')
  }

  get present(): readonly Tab[] {
    return this.#tabs.filter(({ state }) => state !== 'dead')
  }

  /** A tab that works; undefined when none does. */
  any(random: Random): Tab | undefined {
    return this.alive.length === 0 ? undefined : random.pick(this.alive)
  }

  /** Tabs that keep clicks in memory alone. */
  async inMemory(): Promise<string[]> {
    const found: string[] = []
    for (const tab of this.alive) if ((await tab.ask(() => soak.durability(), null)) === 'memory') found.push(tab.name)
    return found
  }

  /** Who is shown as signed in, tab by tab. */
  async actors(): Promise<string[]> {
    const shown = await Promise.all(this.alive.map((tab) => tab.ask(() => soak.actor(), null)))
    return shown.filter((actor) => typeof actor === 'string')
  }

  async setOffline(isOffline: boolean): Promise<void> {
    this.isOffline = isOffline
    await this.context.setOffline(isOffline)
  }

  /** Opens what is missing; without a network no page can be loaded. */
  async fill(most: number = AT_ONCE): Promise<void> {
    if (this.isOffline) return
    while (this.present.length < most) {
      this.#opened += 1
      const name = `tab-${this.#opened}`
      this.#tabs.push(await Tab.open(this.context, { name, url: `${this.url}#${name}` }))
    }
  }

  async closeAll(): Promise<void> {
    for (const tab of this.present) await tab.close()
  }
}
