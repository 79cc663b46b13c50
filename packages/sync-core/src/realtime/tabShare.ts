import type { ChangeSource, FeedHandlers, FeedStatus } from '../ports/ChangeSource.js'
import type { Clock } from '../ports/Clock.js'
import type { Connectivity, ConnectivityEvent } from '../ports/Connectivity.js'
import type { Locks } from '../ports/Locks.js'
import type { OpenTabChannel } from '../ports/TabChannel.js'
import type { Report } from '../telemetry/report.js'
import { createLeadership, decideTakeOver, type Leadership } from './leadership.js'
import { createTabTalk, type TabMessage } from './tabTalk.js'

export interface SharedChangeSourceOptions {
  /** The connection that only one tab opens. */
  source: ChangeSource
  locks: Locks
  openTabChannel: OpenTabChannel
  clock: Clock
  connectivity: Connectivity
  report: Report
  /** Of this tab; unique. */
  tabId: string
}

/** How often a leader says that it is alive, and a follower looks whether one is. Milliseconds. */
const BEAT_MS = 1_000
/** A follower that says nothing for this long is gone; hidden tabs speak once a minute. Milliseconds. */
const FOLLOWER_LIFE_MS = 150_000
/** How often a follower repeats what it wants. Milliseconds. */
const WANT_AGAIN_MS = 30_000

/** What one tab has of the connection that a user's tabs share. */
export type TabShare = ReturnType<typeof createTabShare>

export interface TabShareOptions extends SharedChangeSourceOptions {
  /** hash(tenant, user). */
  scope: string
  /** What this tab has joined; kept by the caller. */
  local: ReadonlyMap<string, FeedHandlers>
}

/** Takes part in the sharing: leads, follows, or connects alone while no leader is heard. */
export function createTabShare({ source, locks, openTabChannel, clock, connectivity, report, tabId, scope, local }: TabShareOptions) {
  const name = `${scope}:realtime`
  const talk = createTabTalk({ channel: openTabChannel(name), scope, tabId, report })
  const leadership: Leadership = createLeadership({ locks, clock, name, onGained: lead, onStolen: follow })
  const stops = [talk.listen(onMessage), connectivity.subscribe(onConnectivity)]
  /** Feeds of the real connection; empty while another tab has it. */
  const feeds = new Map<string, { leave: () => void; status: FeedStatus }>()
  const followers = new Map<string, { tables: readonly string[]; seenAt: number }>()
  /** What the leader last said about tables of ours. */
  const told = new Map<string, FeedStatus>()
  let term = 0
  let leaderId: string | null = null
  let heardAt = clock.now()
  let wantedAt = Number.NEGATIVE_INFINITY
  /** No leader is heard, so this tab has a connection for itself. */
  let isAlone = false
  let cancelBeat = () => {}

  const isConnected = () => isAlone || leadership.isLeader()

  function postFeeds(): void {
    talk.post({ term, type: 'lead', feeds: Object.fromEntries([...feeds].map(([table, { status }]) => [table, status])) })
  }

  function postWant(): void {
    wantedAt = clock.now()
    talk.post({ term, type: 'want', tables: [...local.keys()] })
  }

  function lead(): void {
    // Above what we heard, and by the clock above what we did not hear. Should the clock have stepped back so far
    // that the others do not believe us, the first visible one takes over after its three seconds.
    term = Math.max(term + 1, clock.now())
    leaderId = tabId
    isAlone = false
    connect()
    postFeeds()
  }

  function follow(): void {
    leaderId = null
    heardAt = clock.now()
    followers.clear()
    disconnect()
    leadership.stand()
  }

  /** Joins what is wanted and not joined, and leaves what nobody wants. */
  function connect(): void {
    if (!isConnected()) return
    const wanted = new Set([...local.keys(), ...[...followers.values()].flatMap(({ tables }) => tables)])
    for (const [table, { leave }] of feeds) {
      if (wanted.has(table)) continue
      feeds.delete(table)
      leave()
    }
    for (const table of wanted) if (!feeds.has(table)) join(table)
  }

  function join(table: string): void {
    const feed = { leave: () => {}, status: 'connecting' as FeedStatus }
    feeds.set(table, feed)
    const isCurrent = () => feeds.get(table) === feed
    feed.leave = source.join(table, {
      onStatus: (status, reason) => {
        if (!isCurrent()) return
        feed.status = status
        local.get(table)?.onStatus(status, reason)
        if (followers.size > 0) talk.post({ term, type: 'status', table, status, reason })
      },
      onChange: (change) => {
        if (!isCurrent()) return
        // The others first: what this tab's subscribers do with it may take long.
        if (followers.size > 0) talk.post({ term, type: 'change', table, change })
        local.get(table)?.onChange(change)
      },
    })
  }

  function disconnect(): void {
    isAlone = false
    for (const { leave } of feeds.values()) leave()
    feeds.clear()
    told.clear()
    for (const handlers of local.values()) handlers.onStatus('connecting')
  }

  function onMessage(message: TabMessage): void {
    if (message.type === 'want') onWant(message)
    else if (message.term >= term) onLeaderMessage(message)
  }

  function onWant({ from, tables }: Extract<TabMessage, { type: 'want' }>): void {
    if (!leadership.isLeader()) return
    if (tables.length === 0) followers.delete(from)
    else followers.set(from, { tables, seenAt: clock.now() })
    connect()
    postFeeds()
  }

  function onLeaderMessage(message: Exclude<TabMessage, { type: 'want' }>): void {
    if (leadership.isLeader() && message.term > term) {
      // Replaced while we hung; the lock's own word may come later than this message.
      term = message.term
      leadership.release()
      follow()
    }
    if (leadership.isLeader()) return
    const isNewLeader = message.term > term || leaderId === null
    if (!isNewLeader && message.from !== leaderId) return
    heardAt = clock.now()
    if (isNewLeader) onNewLeader(message)
    if (message.type === 'lead') onFeeds(message.feeds)
    else if (message.type === 'status') hear(message.table, message.status, message.reason)
    else local.get(message.table)?.onChange(message.change)
  }

  function onFeeds(present: Readonly<Record<string, FeedStatus>>): void {
    for (const [table, status] of Object.entries(present)) if (told.get(table) !== status) hear(table, status)
    const sinceWant = Math.abs(clock.now() - wantedAt)
    const isMissing = [...local.keys()].some((table) => !Object.hasOwn(present, table))
    if (sinceWant >= WANT_AGAIN_MS || (isMissing && sinceWant >= BEAT_MS)) postWant()
  }

  function onNewLeader({ from, term: newTerm }: TabMessage): void {
    term = newTerm
    leaderId = from
    disconnect()
    postWant()
  }

  function hear(table: string, status: FeedStatus, reason?: string): void {
    told.set(table, status)
    local.get(table)?.onStatus(status, reason)
  }

  function beat(): void {
    cancelBeat = clock.setTimer(beat, BEAT_MS)
    if (leadership.isLeader()) forgetSilentFollowers()
    if (leadership.isLeader()) postFeeds()
    else takeOver()
  }

  function forgetSilentFollowers(): void {
    const before = followers.size
    for (const [id, { seenAt }] of followers) if (clock.now() - seenAt > FOLLOWER_LIFE_MS) followers.delete(id)
    if (followers.size < before) connect()
  }

  function takeOver(): void {
    const decision = decideTakeOver({ now: clock.now(), heardAt, visible: connectivity.isVisible(), stolenAt: leadership.stolenAt() })
    if (decision === 'wait' || local.size === 0) return
    isAlone = true
    leaderId = null
    connect()
    if (decision === 'connect and steal') leadership.steal()
  }

  function onConnectivity(event: ConnectivityEvent): void {
    if (event === 'pagehide') retire()
    // Whoever was silent while this tab slept gets its three seconds.
    if (event === 'visible') resume()
  }

  function retire(): void {
    talk.post({ term, type: 'want', tables: [] })
    leadership.release()
    leaderId = null
    disconnect()
  }

  function resume(): void {
    heardAt = clock.now()
    leadership.stand()
  }

  leadership.stand()
  beat()
  postWant()

  return {
    isConnected,
    onLocalJoin: (table: string): void => {
      const present = feeds.get(table)?.status ?? told.get(table)
      if (present) local.get(table)?.onStatus(present)
      if (isConnected()) connect()
      else postWant()
    },
    onLocalLeave: (): void => {
      if (isConnected()) connect()
      else postWant()
    },
    close: (): void => {
      retire()
      cancelBeat()
      for (const stop of stops) stop()
      talk.close()
    },
  }
}
