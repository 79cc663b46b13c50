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
 * This tab among those of its browser, in groups by name: the tabs of one user, or of one API. Who lives, and what they
 * say to each other; every message of another tab is checked here.
 */
export class Tabs {
  readonly options: TabsOptions
  readonly #lives = new Map<string, Presence>()

  constructor(options: TabsOptions) {
    this.options = options
  }

  /** Lives for the tabs of that group from now on, until whoever entered has left. Being in it twice is being in it once. */
  enter(name: string): Presence {
    const { locks, connectivity, tabId } = this.options
    const presence = this.#lives.get(name) ?? new Presence({ locks, connectivity, tabId, name, onLeft: () => this.#lives.delete(name) })
    this.#lives.set(name, presence)
    return presence.enter()
  }

  /** Tells the others of that group, and hears what they say, until it is closed. */
  talk<Message extends object>(name: string, messages: TabMessages<Message>): TabTalk<Message> {
    const { openTabChannel, tabId, report } = this.options
    return new TabTalk({ openTabChannel, tabId, report, name, messages, onHeard: (from) => this.#lives.get(name)?.heard(from) })
  }
}
