import type { BadNetwork } from './badNetwork.js'
import type { Journal } from './Journal.js'
import { type Click, isDone } from './judge.js'
import type { ProofReader } from './proof.js'
import type { Random } from './random.js'
import type { Tab } from './Tab.js'
import type { Tabs } from './Tabs.js'

/** What may happen to people and their browsers, with how often it does. */
const SHARES = {
  close: 3,
  crash: 2,
  reload: 3,
  freeze: 2,
  offline: 2,
  'user switch': 2,
  'silent user switch': 1,
  'aborted transactions': 2,
  'refused storage': 1,
  'closed databases': 2,
  'cleared databases': 1,
} as const

export type TroubleName = keyof typeof SHARES
const LOTS = Object.entries(SHARES).flatMap(([name, share]) => Array<TroubleName>(share).fill(name as TroubleName))

/** After the databases went, tabs alone hold what was clicked: for this long nothing else happens to them. */
const REWRITE_MS = 8_000

/** What troubles happen to, and what is needed to make none that nobody could mend. */
interface TroubledWorld {
  tabs: Tabs
  network: BadNetwork
  random: Random
  journal: Journal
  proofs: ProofReader
}

/** Brings trouble to tabs, and ends it again. */
export class Troubles {
  /** How often each was made. */
  readonly made = new Map<string, number>()
  readonly #world: TroubledWorld
  readonly #ends: { at: number; end: () => Promise<unknown> }[] = []
  #gentleUntil = 0

  constructor(world: TroubledWorld) {
    this.#world = world
  }

  /** One more. */
  async bring(): Promise<void> {
    const { random, tabs } = this.#world
    const name = random.pick(LOTS)
    const tab = tabs.any(random)
    if (tab === undefined || Date.now() < this.#gentleUntil) return
    this.made.set(name, (this.made.get(name) ?? 0) + 1)
    this.#world.journal.note(`${name} in ${tab.name}, while tabs show ${(await tabs.actors()).join(', ')}`)
    await this.#make(name, tab)
  }

  /** Ends what has lasted long enough; `all`: everything. */
  async end(all = false): Promise<void> {
    const due = this.#ends.filter(({ at }) => all || at <= Date.now())
    for (const trouble of due) {
      this.#ends.splice(this.#ends.indexOf(trouble), 1)
      await trouble.end()
    }
    const rest = this.#gentleUntil - Date.now()
    if (all && rest > 0) await new Promise((resolve) => setTimeout(resolve, rest))
  }

  async #make(name: TroubleName, tab: Tab): Promise<unknown> {
    const { random, tabs } = this.#world
    switch (name) {
      case 'close':
        return tab.close()
      case 'crash':
        return tab.crash()
      case 'reload':
        return tabs.isOffline ? undefined : tab.reload()
      case 'freeze':
        await tab.freeze()
        return this.#later(random.between(2_000, 20_000), () => tab.thaw())
      case 'offline':
        await tabs.setOffline(true)
        return this.#later(random.between(1_000, 6_000), () => tabs.setOffline(false))
      case 'user switch':
        return tab.ask((user) => soak.switchTo(user, 'told'), this.#user())
      case 'silent user switch':
        await tab.ask((user) => soak.switchTo(user, 'silent'), this.#user())
        return this.#later(random.between(500, 5_000), () => tab.ask(() => soak.refresh(), null))
      case 'aborted transactions':
        return this.#spoil(tab, 'abort')
      case 'refused storage':
        return this.#spoil(tab, 'refuse')
      case 'closed databases':
        return tab.ask(() => soak.storage.close(), null)
      case 'cleared databases':
        return this.#clear(tab)
      default:
        return name satisfies never
    }
  }

  #user(): string {
    return this.#world.random.pick(['ana', 'ben'])
  }

  async #spoil(tab: Tab, mode: 'abort' | 'refuse'): Promise<void> {
    tab.hasStorageTrouble = true
    await tab.ask((wanted) => soak.storage.set(wanted), mode)
    this.#later(this.#world.random.between(300, 4_000), async () => {
      await tab.ask(() => soak.storage.set('none'), null)
      tab.hasStorageTrouble = false
    })
  }

  // Somebody must be left who can write it again: what waits for a user whom no tab shows is in no memory.
  async #clear(tab: Tab): Promise<void> {
    const { tabs, network, journal } = this.#world
    if (tabs.present.some(({ state, hasStorageTrouble }) => state !== 'alive' || hasStorageTrouble)) return
    if ((await tabs.inMemory()).length > 0) return
    const shown = await tabs.actors()
    if ((await this.#waiting()).some(({ actor }) => !shown.includes(actor))) return
    journal.note('databases are cleared')
    await tab.clearDatabases(network.url)
    this.#gentleUntil = Date.now() + REWRITE_MS
  }

  async #waiting(): Promise<Click[]> {
    const proof = await this.#world.proofs.read()
    return this.#world.journal.waiting().filter((click) => !isDone(click, proof))
  }

  #later(ms: number, end: () => Promise<unknown>): void {
    this.#ends.push({ at: Date.now() + ms, end })
  }
}
