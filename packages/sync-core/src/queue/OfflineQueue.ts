import type { CombineParts } from '../mutation/bulkParent.js'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import type { Clock } from '../ports/Clock.js'
import type { OpenStorage, StorageKey } from '../ports/MutationStorage.js'
import type { Random } from '../ports/Random.js'
import type { TabTalk } from '../tabs/TabTalk.js'
import type { Report } from '../telemetry/report.js'
import { Committer } from './Committer.js'
import { Disk } from './Disk.js'
import { type EntryChange, entryReader, gone, type Problem, type QueueEntry, type ReadEntry } from './entry.js'
import type { Operation } from './Operation.js'
import { type MirrorChange, QueueMirror } from './QueueMirror.js'
import { newsOf, type QueueMessage } from './queueMessages.js'
import { type Committed, StoredQueue } from './StoredQueue.js'

export interface OfflineQueueOptions {
  /** hash(tenant, user): names the database. */
  scope: string
  actor: string
  tenant: string
  tabId: string
  openStorage: OpenStorage
  /** With the user's other tabs. */
  talk: TabTalk<QueueMessage>
  clock: Clock
  random: Random
  report: Report
  /** How the parts of a bulk mutation make one answer. */
  combineOf: (action: string) => CombineParts | undefined
  /** Called once for each commit or message, after the mirror is up to date. */
  onChange: (changes: readonly MirrorChange[]) => void
  /** Where clicks are kept has changed. */
  onDurability: () => void
}

/** A stored entry this client cannot work with. It is shown and left as it is. */
export interface UnreadableEntry extends Problem {
  key: string
}

/** How long a message of another tab may be on its way. */
const LATE_MESSAGE_MS = 500

/**
 * The durable list of unfinished mutations of one user, shared by all tabs. Storage decides, what this tab
 * knows follows: by its own commits, and by the messages of other tabs.
 */
export class OfflineQueue {
  readonly mirror: QueueMirror
  readonly #options: OfflineQueueOptions
  readonly #read: ReadEntry
  readonly #disk: Disk
  readonly #stored: StoredQueue
  readonly #committer: Committer
  readonly #unreadable = new Map<StorageKey, UnreadableEntry>()
  readonly #unsubscribe: () => void
  /** Other tabs that have left storage, and have not come back as far as this one has heard. */
  readonly #awayTabs = new Set<string>()
  #cancelLook: (() => void) | undefined
  /** Some other tab has been heard of: telling an empty room would cost as much as storing. */
  #hasCompany = false

  constructor(options: OfflineQueueOptions) {
    this.#options = options
    this.#read = entryReader(options)
    this.#disk = new Disk({ ...options, name: options.scope, onLost: () => void this.load() })
    this.#stored = new StoredQueue({ ...options, read: this.#read, isAlone: () => !this.#hasCompany })
    this.mirror = new QueueMirror(() => this.#stored.known)
    this.#committer = new Committer({
      ...options,
      disk: this.#disk,
      stored: this.#stored,
      onCommitted: (committed) => this.#committed(committed),
      onMoved: () => this.#moved(),
    })
    this.#unsubscribe = options.talk.listen((message, from) => this.#receive(message, from))
    options.talk.say({ type: 'hello' })
  }

  /** `memory`: what is submitted now would be lost with the tab. */
  get durability(): 'disk' | 'memory' {
    return this.#stored.away === undefined ? this.#disk.durability : 'memory'
  }

  /** `memory`: this click would be lost with the tab. What was on disk when storage was left still is. */
  durabilityOf(id: string): 'disk' | 'memory' {
    return this.#stored.away?.reached({ id }) === 'disk' ? 'disk' : this.durability
  }

  /**
   * True when the mutation may have gone on where this tab cannot look: on a disk that it left, from where another tab
   * or a later page load may send it, or in a tab that left the disk. Only the server can say then that it was never sent.
   */
  mayBeElsewhere(id: string): boolean {
    const { away } = this.#stored
    return away === undefined ? this.#awayTabs.size > 0 : away.reached({ id }) !== 'never'
  }

  get unreadable(): readonly UnreadableEntry[] {
    return [...this.#unreadable.values()]
  }

  /** True when a tab met an entry of a later version: this one is outdated and must not send. */
  get isOutdated(): boolean {
    return this.unreadable.some(({ code }) => code === 'ENTRY_NEWER')
  }

  /** Takes over what is stored, as far as it is not known: all of it at first, later what no other tab told. */
  load(): Promise<void> {
    return this.run({ apply: () => undefined })
  }

  /** Shows a click at once; `run(enqueue(…))` makes it durable. */
  show(records: readonly MutationRecord[]): void {
    this.#changed(records.map((record) => this.mirror.show(record)))
  }

  /** Takes a click back that became no mutation of its own. */
  hide(ids: readonly string[]): void {
    this.#changed(ids.flatMap((id) => this.mirror.hide(id) ?? []))
  }

  /** Runs one read-decide-write step; resolves after the commit. Storage that fails is no failure: it goes on in memory. */
  run<Result>(operation: Operation<Result>): Promise<Result> {
    return this.#committer.run(operation)
  }

  close(): void {
    this.#cancelLook?.()
    this.#unsubscribe()
    this.#committer.close()
  }

  #committed(committed: Committed): void {
    const { report } = this.#options
    if (committed.isRebuilt) report('ENTRY_UNREADABLE', 'What the offline queue keeps about itself was damaged; it was counted anew.')
    if (committed.restored > 0 && committed.isAnew) {
      const message = "The browser's storage was emptied while clicks were waiting in it. This tab still knew them and stored them again."
      report('STORAGE_LOST', message, { restored: committed.restored })
    }
    // What only this tab's memory holds is no news that another tab could act on.
    if (committed.writes.length > 0 && this.#hasCompany && this.#stored.away === undefined) this.#options.talk.say(newsOf(committed))
    this.#follow(committed.changes, committed.hasAsked)
  }

  #follow(changes: readonly EntryChange[], isComplete: boolean): void {
    for (const { before, after } of changes) this.#noteProblem(before, after)
    this.#changed(this.mirror.follow(changes, isComplete))
  }

  #receive(message: QueueMessage, from: string): void {
    this.#hasCompany = true
    switch (message.type) {
      case 'hello':
        this.#options.talk.say({ type: 'here' })
        if (this.#stored.away !== undefined) this.#tellWhere()
        return
      case 'here':
        // What was written before the others knew of this tab was told to nobody.
        void this.load()
        return
      case 'away':
        this.#awayTabs.add(from)
        return
      case 'back':
        this.#awayTabs.delete(from)
        return
      case 'records':
        this.#hear(message)
        return
      default:
        message satisfies never
    }
  }

  #moved(): void {
    this.#tellWhere()
    this.#options.onDurability()
  }

  #tellWhere(): void {
    this.#options.talk.say({ type: this.#stored.away === undefined ? 'back' : 'away' })
  }

  #hear({ writes, from, to }: Extract<QueueMessage, { type: 'records' }>): void {
    const entries = writes.map(({ id, value }) => this.#entryOf(id, value))
    // Whatever another tab writes that this one cannot read, it finds in storage.
    const canFollow = entries.every(({ problem }) => problem === undefined)
    const { changes, isBehind } = canFollow ? this.#committer.follow(entries, from, to) : { changes: [], isBehind: true }
    this.#follow(changes, false)
    if (!isBehind) return
    for (const entry of entries) this.#noteProblem(undefined, entry)
    this.#changed(entries.flatMap(({ record }) => (record && this.mirror.hear(record)) ?? []))
    this.#lookSoon()
  }

  #entryOf(id: string, value: unknown): QueueEntry {
    if (value === undefined) return gone(id, this.#stored.known.find(id)?.key ?? id)
    const seq = (value as { seq?: unknown } | null)?.seq
    return this.#read(typeof seq === 'number' ? seq : id, value)
  }

  // An earlier message is missing: it may be late, or its tab crashed right after the commit and told nobody.
  #lookSoon(): void {
    this.#cancelLook ??= this.#options.clock.setTimer(() => {
      this.#cancelLook = undefined
      void this.load()
    }, LATE_MESSAGE_MS)
  }

  #changed(changes: readonly MirrorChange[]): void {
    if (changes.length > 0) this.#options.onChange(changes)
  }

  #noteProblem(before: QueueEntry | undefined, { key, problem }: QueueEntry): void {
    if (before?.problem !== undefined) this.#unreadable.delete(before.key)
    if (problem === undefined) return
    const isKnown = this.#unreadable.has(key)
    this.#unreadable.set(key, { ...problem, key: String(key) })
    if (before?.problem === undefined && !isKnown)
      this.#options.report(problem.code, `An entry of the offline queue cannot be read: ${problem.reason}. It is kept as it is.`)
  }
}
