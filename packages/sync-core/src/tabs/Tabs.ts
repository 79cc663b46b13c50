import type { Clock } from '../ports/Clock.js'
import type { Connectivity } from '../ports/Connectivity.js'
import type { Locks } from '../ports/Locks.js'
import type { OpenTabChannel } from '../ports/TabChannel.js'
import type { Report } from '../telemetry/report.js'
import { Presence } from './Presence.js'
import { type TabMessages, TabTalk } from './TabTalk.js'

export interface TabsOptions {
  /** Of this tab; unique, also among the clients of one page. */
  tabId: string
  locks: Locks
  clock: Clock
  connectivity: Connectivity
  openTabChannel: OpenTabChannel
  report: Report
}

/**
 * This tab among those of its browser: who lives, who leads, tell them. All names of locks and channels between tabs are
 * made here, and every message of another tab is checked here.
 */
export class Tabs {
  readonly options: TabsOptions
  readonly #lives: Lives = new Map()

  constructor(options: TabsOptions) {
    this.options = options
  }

  get tabId(): string {
    return this.options.tabId
  }

  /** True where the browser can tell who lives and who leads; without it each tab is on its own, and only hears the others. */
  get canElect(): boolean {
    return this.options.locks.available
  }

  /** Becomes one of the tabs that share `name`, until the group is left. Being in it twice is being in it once. */
  join(name: string): TabGroup {
    return new TabGroup(name, this.options, this.#lives)
  }
}

/** This tab's presence in each group, and how many need it. */
type Lives = Map<string, { readonly presence: Presence; members: number }>

/** The tabs of one user, or of one API. */
export class TabGroup {
  readonly name: string
  readonly options: TabsOptions
  readonly #lives: Lives
  readonly #talks = new Set<{ close(): void }>()
  #isAlive = false

  constructor(name: string, options: TabsOptions, lives: Lives) {
    this.name = name
    this.options = options
    this.#lives = lives
  }

  /** Who lives. For the others this tab does from when this is first asked for, until the group is left. */
  get presence(): Presence {
    const shared = this.#lives.get(this.name) ?? { presence: new Presence({ ...this.options, prefix: this.name }), members: 0 }
    this.#lives.set(this.name, shared)
    if (!this.#isAlive) shared.members += 1
    this.#isAlive = true
    return shared.presence
  }

  /** Tells the others, and hears what they say. */
  talk<Message extends object>(messages: TabMessages<Message>): TabTalk<Message> {
    const { tabId, report, openTabChannel } = this.options
    const channel = openTabChannel(`${this.name}${messages.channel}`)
    const talk = new TabTalk({
      channel,
      name: this.name,
      tabId,
      messages,
      report,
      onHeard: (from) => this.#lives.get(this.name)?.presence.heard(from),
    })
    this.#talks.add(talk)
    return talk
  }

  /** Closes its channels; idempotent. Who leads gives that back by itself. */
  leave(): void {
    for (const talk of this.#talks) talk.close()
    this.#talks.clear()
    if (this.#isAlive) this.#die()
  }

  #die(): void {
    this.#isAlive = false
    const shared = this.#lives.get(this.name)
    if (!shared) return
    shared.members -= 1
    if (shared.members > 0) return
    this.#lives.delete(this.name)
    shared.presence.stop()
  }
}
