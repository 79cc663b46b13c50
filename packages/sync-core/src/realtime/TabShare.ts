import type { ChangeSource, FeedHandlers, FeedStatus } from '../ports/ChangeSource.js'
import type { Clock } from '../ports/Clock.js'
import type { Connectivity, ConnectivityEvent } from '../ports/Connectivity.js'
import { decideTakeOver, Leadership } from '../tabs/Leadership.js'
import type { Presence } from '../tabs/Presence.js'
import type { Tabs } from '../tabs/Tabs.js'
import type { TabTalk } from '../tabs/TabTalk.js'
import { Followers } from './Followers.js'
import { judgeLeader } from './judgeLeader.js'
import { SharedFeeds } from './SharedFeeds.js'
import { type LeaderMessage, SHARE_MESSAGES, type ShareMessage } from './shareMessages.js'

/** How often a leader says that it is alive, and a follower looks whether one is. Milliseconds. */
const BEAT_MS = 1_000
/** How often a follower repeats what it wants, as a message may be lost. Milliseconds. */
const WANT_AGAIN_MS = 30_000

export interface TabShareOptions {
  /** The connection that only one tab opens. */
  source: ChangeSource
  tabs: Tabs
  /** The user, whose tabs share it. */
  scope: string
  /** What this tab has joined; kept by the caller. */
  local: ReadonlyMap<string, FeedHandlers>
}

/** One tab's part in the connection that a user's tabs share: it leads, follows, or connects alone while no leader is heard. */
export class TabShare {
  readonly #options: TabShareOptions
  readonly #clock: Clock
  readonly #connectivity: Connectivity
  readonly #presence: Presence
  readonly #talk: TabTalk<ShareMessage>
  readonly #leadership: Leadership
  readonly #feeds: SharedFeeds
  readonly #followers: Followers
  readonly #stopListening: () => void
  /** What the leader last said about tables of ours. */
  readonly #told = new Map<string, FeedStatus>()
  #term = 0
  #leaderId: string | null = null
  #heardAt: number
  #wantedAt = Number.NEGATIVE_INFINITY
  /** No leader is heard, so this tab has a connection for itself. */
  #isAlone = false
  #cancelBeat = () => {}

  constructor(options: TabShareOptions) {
    const { tabs, scope, source } = options
    const { locks, clock, connectivity } = tabs.options
    this.#options = options
    this.#clock = clock
    this.#connectivity = connectivity
    this.#heardAt = clock.now()
    this.#presence = tabs.enter(scope)
    this.#talk = tabs.talk(scope, SHARE_MESSAGES)
    this.#leadership = new Leadership({
      locks,
      clock,
      name: `${scope}:realtime`,
      onGained: () => this.#lead(),
      onStolen: () => this.#follow(),
    })
    this.#followers = new Followers(this.#presence, () => this.#connect())
    this.#feeds = new SharedFeeds({
      source,
      onStatus: (table, status, reason) => this.#onStatus(table, status, reason),
      onChange: (table, change) => this.#onChange(table, change),
    })
    this.#talk.listen((message, from) => this.#onMessage(message, from))
    this.#stopListening = connectivity.subscribe((event) => this.#onConnectivity(event))
    this.#leadership.stand()
    this.#beat()
    this.#sayWant()
  }

  /** True when the real connection is this tab's. */
  get isConnected(): boolean {
    return this.#isAlone || this.#leadership.isLeader
  }

  onLocalJoin(table: string): void {
    const present = this.#feeds.statusOf(table) ?? this.#told.get(table)
    if (present) this.#options.local.get(table)?.onStatus(present)
    this.onLocalLeave()
  }

  onLocalLeave(): void {
    if (this.isConnected) this.#connect()
    else this.#sayWant()
  }

  close(): void {
    this.#retire()
    this.#cancelBeat()
    this.#stopListening()
    this.#talk.close()
    this.#presence.leave()
  }

  #lead(): void {
    // Above what we heard, and by the clock above what we did not hear. Should the clock have stepped back so far
    // that the others do not believe us, the first visible one takes over after its three seconds.
    this.#term = Math.max(this.#term + 1, this.#clock.now())
    this.#leaderId = this.#options.tabs.options.tabId
    this.#isAlone = false
    this.#connect()
    this.#sayFeeds()
  }

  #follow(): void {
    this.#leaderId = null
    this.#heardAt = this.#clock.now()
    this.#followers.clear()
    this.#disconnect()
    this.#leadership.stand()
  }

  #connect(): void {
    if (this.isConnected) this.#feeds.follow(new Set([...this.#options.local.keys(), ...this.#followers.tables()]))
  }

  #disconnect(): void {
    this.#isAlone = false
    this.#feeds.leaveAll()
    this.#told.clear()
    for (const handlers of this.#options.local.values()) handlers.onStatus('connecting')
  }

  #onStatus(table: string, status: FeedStatus, reason?: string): void {
    this.#options.local.get(table)?.onStatus(status, reason)
    if (!this.#followers.isEmpty) this.#talk.say({ type: 'status', term: this.#term, table, status, reason })
  }

  #onChange(table: string, change: unknown): void {
    // The others first: what this tab's subscribers do with it may take long.
    if (!this.#followers.isEmpty) this.#talk.say({ type: 'change', term: this.#term, table, change })
    this.#options.local.get(table)?.onChange(change)
  }

  #onMessage(message: ShareMessage, from: string): void {
    if (message.type === 'want') this.#onWant(message.tables, from)
    else this.#onLeaderMessage(message, from)
  }

  #onWant(tables: readonly string[], from: string): void {
    if (!this.#leadership.isLeader) return
    this.#followers.note(from, tables)
    this.#connect()
    this.#sayFeeds()
  }

  #onLeaderMessage(message: LeaderMessage, from: string): void {
    const facts = { term: this.#term, leaderId: this.#leaderId, isLeader: this.#leadership.isLeader }
    const verdict = judgeLeader(facts, from, message.term)
    if (verdict === 'ignore') return
    this.#heardAt = this.#clock.now()
    if (verdict === 'step back') this.#stepBack()
    if (verdict !== 'hear') this.#believe(from, message.term)
    if (message.type === 'lead') this.#onFeeds(message.feeds)
    else if (message.type === 'status') this.#hear(message.table, message.status, message.reason)
    else this.#options.local.get(message.table)?.onChange(message.change)
  }

  #stepBack(): void {
    this.#leadership.release()
    this.#follow()
  }

  #believe(leaderId: string, term: number): void {
    this.#term = term
    if (this.#leadership.isLeader) return
    this.#leaderId = leaderId
    this.#disconnect()
    this.#sayWant()
  }

  #onFeeds(present: Readonly<Record<string, FeedStatus>>): void {
    for (const [table, status] of Object.entries(present)) if (this.#told.get(table) !== status) this.#hear(table, status)
    const isMissing = [...this.#options.local.keys()].some((table) => !Object.hasOwn(present, table))
    const sinceWant = Math.abs(this.#clock.now() - this.#wantedAt)
    if (sinceWant >= (isMissing ? BEAT_MS : WANT_AGAIN_MS)) this.#sayWant()
  }

  #hear(table: string, status: FeedStatus, reason?: string): void {
    this.#told.set(table, status)
    this.#options.local.get(table)?.onStatus(status, reason)
  }

  #sayFeeds(): void {
    this.#talk.say({ type: 'lead', term: this.#term, feeds: this.#feeds.statuses() })
  }

  #sayWant(): void {
    this.#wantedAt = this.#clock.now()
    this.#talk.say({ type: 'want', tables: [...this.#options.local.keys()] })
  }

  #beat(): void {
    this.#cancelBeat = this.#clock.setTimer(() => this.#beat(), BEAT_MS)
    if (this.#leadership.isLeader) this.#sayFeeds()
    else this.#takeOver()
  }

  #takeOver(): void {
    const { stolenAt } = this.#leadership
    const facts = { now: this.#clock.now(), heardAt: this.#heardAt, visible: this.#connectivity.isVisible(), stolenAt }
    const decision = decideTakeOver(facts)
    if (decision === 'wait' || this.#options.local.size === 0) return
    this.#isAlone = true
    this.#leaderId = null
    this.#connect()
    if (decision === 'connect and steal') this.#leadership.steal()
  }

  #onConnectivity(event: ConnectivityEvent): void {
    if (event === 'pagehide') this.#retire()
    if (event === 'visible') this.#resume()
  }

  #retire(): void {
    this.#talk.say({ type: 'want', tables: [] })
    this.#leadership.release()
    this.#leaderId = null
    this.#followers.clear()
    this.#disconnect()
  }

  /** Whoever was silent while this tab slept gets its three seconds. */
  #resume(): void {
    this.#heardAt = this.#clock.now()
    this.#leadership.stand()
  }
}
