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
  readonly #groups = new Map<string, { presence: Presence; members: number }>()

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
    const present = this.#groups.get(name) ?? { presence: new Presence({ ...this.options, prefix: name }), members: 0 }
    this.#groups.set(name, present)
    present.members += 1
    return new TabGroup(name, this.options, present.presence, () => {
      present.members -= 1
      if (present.members > 0) return
      this.#groups.delete(name)
      present.presence.stop()
    })
  }
}

/** The tabs of one user, or of one API. */
export class TabGroup {
  readonly name: string
  /** Who lives. */
  readonly presence: Presence
  readonly options: TabsOptions
  readonly #onLeft: () => void
  readonly #talks = new Set<{ close(): void }>()
  #isLeft = false

  constructor(name: string, options: TabsOptions, presence: Presence, onLeft: () => void) {
    this.name = name
    this.presence = presence
    this.options = options
    this.#onLeft = onLeft
  }

  /** Tells the others, and hears what they say. */
  talk<Message extends object>(messages: TabMessages<Message>): TabTalk<Message> {
    const { tabId, report, openTabChannel } = this.options
    const channel = openTabChannel(`${this.name}${messages.channel}`)
    const talk = new TabTalk({ channel, name: this.name, tabId, messages, report, onHeard: (from) => this.presence.heard(from) })
    this.#talks.add(talk)
    return talk
  }

  /** Closes its channels; idempotent. Who leads gives that back by itself. */
  leave(): void {
    if (this.#isLeft) return
    this.#isLeft = true
    for (const talk of this.#talks) talk.close()
    this.#onLeft()
  }
}
