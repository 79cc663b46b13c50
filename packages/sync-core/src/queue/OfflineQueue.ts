import type { CombineParts } from '../mutation/bulkParent.js'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import type { Clock } from '../ports/Clock.js'
import type { OpenStorage } from '../ports/MutationStorage.js'
import type { Random } from '../ports/Random.js'
import type { Presence } from '../tabs/Presence.js'
import type { TabTalk } from '../tabs/TabTalk.js'
import type { Report } from '../telemetry/report.js'
import { Committer } from './Committer.js'
import { Disk } from './Disk.js'
import { entryReader, type ReadEntry, Unreadable } from './entry.js'
import type { Operation } from './Operation.js'
import { newsOf, type QueueMessage } from './queueMessages.js'
import { type EntryChange, type RecordChange, type Records, toRecords } from './Records.js'
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
  presence: Presence
  clock: Clock
  random: Random
  report: Report
  /** How the parts of a bulk mutation make one answer. */
  combineOf: (action: string) => CombineParts | undefined
  /** Called once for each commit or message, after `records` are up to date. */
  onChange: (changes: readonly RecordChange[]) => void
  /** Where clicks are kept has changed, or which entries cannot be read. */
  onStanding: () => void
}

/**
 * The durable list of unfinished mutations of one user, shared by all tabs. Storage decides, what this tab
 * knows follows: by its own commits, and by the messages of other tabs.
 */
export class OfflineQueue {
  /** What this tab knows. */
  readonly records: Records
  readonly #options: OfflineQueueOptions
  readonly #read: ReadEntry
  readonly #disk: Disk
  readonly #stored: StoredQueue
  readonly #committer: Committer
  /**
   * Other tabs that have left storage, and have not come back as far as this one has heard, with the last click they can
   * have known of: a tab that ended in between knew none that was stored later.
   */
  readonly #awayTabs = new Map<string, number>()
  readonly #onDeath = () => {
    for (const [tab, lastKnown] of this.#awayTabs) {
      if (lastKnown === LIVING && this.#options.presence.isDead(tab)) this.#awayTabs.set(tab, this.records.meta.seq)
    }
  }
  /** Some other tab has been heard of: telling an empty room would cost as much as storing. */
  #hasCompany = false

  constructor(options: OfflineQueueOptions) {
    this.#options = options
    this.#read = entryReader(options)
    this.#disk = new Disk({ ...options, name: options.scope, onLost: () => void this.load() })
    this.#stored = new StoredQueue({ ...options, disk: this.#disk, read: this.#read, isAlone: () => !this.#hasCompany })
    this.records = this.#stored.records
    this.#committer = new Committer({
      ...options,
      stored: this.#stored,
      onChange: (changes, committed) => {
        if (committed !== undefined) this.#tell(committed)
        this.#changed(changes)
      },
      onMoved: () => this.#moved(),
    })
    options.talk.listen((message, from) => this.#receive(message, from))
    options.talk.say({ type: 'hello' })
  }

  /** `memory`: what is submitted now would be lost with the tab. */
  get durability(): 'disk' | 'memory' {
    return this.#isAway ? 'memory' : this.#disk.durability
  }

  /** `memory`: this click would be lost with the tab. What was on disk when storage was left still is. */
  durabilityOf(id: string): 'disk' | 'memory' {
    return this.#stored.away?.reached(id) === 'disk' ? 'disk' : this.durability
  }

  /**
   * True when the mutation may have gone on where this tab cannot look: on a disk that it left, from where another tab
   * or a later page load may send it, or in a tab that left the disk. Only the server can say then that it was never sent.
   */
  mayBeElsewhere(id: string): boolean {
    const { away } = this.#stored
    if (away !== undefined) return away.reached(id) !== 'never'
    const seq = this.records.get(id)?.seq ?? LIVING
    return [...this.#awayTabs.values()].some((lastKnown) => seq <= lastKnown)
  }

  /** True when a tab met an entry of a later version: this one is outdated and must not send. */
  get isOutdated(): boolean {
    return [...this.records.unreadable.values()].some(({ code }) => code === 'ENTRY_NEWER')
  }

  /** Takes over what is stored, as far as it is not known: all of it at first, later what no other tab told. */
  load(): Promise<void> {
    return this.run({ apply: () => undefined })
  }

  /** Shows a click at once; `run(enqueue(…))` makes it durable. */
  show(records: readonly MutationRecord[]): void {
    this.#changed(records.map((record) => this.records.show(record)))
  }

  /** Takes a click back that became no mutation of its own. */
  hide(ids: readonly string[]): void {
    this.#changed(ids.flatMap((id) => this.records.hide(id) ?? []))
  }

  /** Runs one read-decide-write step; resolves after the commit. Storage that fails is no failure: it goes on in memory. */
  run<Result>(operation: Operation<Result>): Promise<Result> {
    return this.#committer.run(operation)
  }

  close(): void {
    this.#committer.close()
    this.#disk.close()
  }

  get #isAway(): boolean {
    return this.#stored.away !== undefined
  }

  /** The host what was found, and the other tabs what was written. */
  #tell({ written, from, to, isRebuilt, isAnew, restored }: Committed): void {
    const { report, talk } = this.#options
    if (isRebuilt) report('ENTRY_UNREADABLE')
    if (restored > 0 && isAnew) report('STORAGE_LOST', { restored })
    if (written.size > 0 && this.#hasCompany) talk.say(newsOf(written, from, to))
  }

  #receive(message: QueueMessage, from: string): void {
    this.#hasCompany = true
    switch (message.type) {
      case 'hello':
        this.#options.talk.say({ type: 'here' })
        if (this.#isAway) this.#tellWhere()
        return
      case 'here':
        // What was written before the others knew of this tab was told to nobody.
        void this.load()
        return
      case 'away':
        this.#awayTabs.set(from, LIVING)
        this.#options.presence.watch(from, this.#onDeath)
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
    this.#options.onStanding()
  }

  #tellWhere(): void {
    this.#options.talk.say({ type: this.#isAway ? 'away' : 'back' })
  }

  #hear({ writes, from, to }: Extract<QueueMessage, { type: 'records' }>): void {
    const written = new Map(writes.map(({ id, value }) => [id, this.#read(placeIn(value) ?? id, value)]))
    const unreadable = [...written.values()].filter((entry) => entry instanceof Unreadable)
    // Whatever another tab writes that this one cannot read, is told at once, and found in storage.
    this.#changed(unreadable.map((entry) => this.records.show(entry)))
    const { changes, isBehind } = unreadable.length > 0 ? MISSED : this.#stored.follow(written, from, to)
    this.#changed(changes)
    // An earlier message is missing: it is late, or its tab crashed right after the commit and told nobody.
    if (isBehind) void this.load()
  }

  #changed(changes: readonly EntryChange[]): void {
    for (const { before, after } of changes) {
      if (!(after instanceof Unreadable) || before instanceof Unreadable) continue
      this.#options.report(after.code, { reason: after.reason })
    }
    const records = changes.map(toRecords).filter(({ before, after }) => before !== after)
    if (records.length > 0) this.#options.onChange(records)
    else if (changes.length > 0) this.#options.onStanding()
  }
}

/** Of a tab that lives: it may hear of any click. */
const LIVING = Number.POSITIVE_INFINITY
const MISSED = { changes: [], isBehind: true }

function placeIn(value: unknown): number | undefined {
  const { seq } = (value ?? {}) as { seq?: unknown }
  return typeof seq === 'number' ? seq : undefined
}
