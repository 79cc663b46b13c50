import * as z from 'zod/mini'
import { MemoryStorage } from '../adapters/memoryStorage.js'
import { type MutationRecord, parseRecord } from '../mutation/MutationRecord.js'
import type { Clock } from '../ports/Clock.js'
import type { MutationStorage } from '../ports/MutationStorage.js'
import type { TabChannel } from '../ports/TabChannel.js'
import { describeError, type Report } from '../store/report.js'
import { Committer } from './Committer.js'
import { META_KEY, toMeta } from './meta.js'
import type { Operation } from './Operation.js'
import { type MirrorChange, QueueMirror } from './QueueMirror.js'
import { RevisionLog } from './RevisionLog.js'
import type { Committed } from './StoredQueue.js'

export interface OfflineQueueOptions {
  /** hash(tenant, user): repeated in every message. */
  scope: string
  actor: string
  tenant: string
  storage: MutationStorage
  channel: TabChannel
  clock: Clock
  report: Report
  /** Called once for each commit or message, after the mirror is up to date. */
  onChange: (changes: readonly MirrorChange[]) => void
}

/** A stored entry this client cannot work with. It is shown and left as it is. */
export interface UnreadableEntry {
  key: string
  code: 'ENTRY_UNREADABLE' | 'ENTRY_NEWER'
  reason: string
}

/** How long a message of another tab may be on its way. */
const LATE_MESSAGE_MS = 500

const messageSchema = z.discriminatedUnion('type', [
  /** A tab is new here. */
  z.object({ type: z.literal('hello'), scope: z.string() }),
  /** ... and learns that it is not alone. */
  z.object({ type: z.literal('here'), scope: z.string() }),
  z.object({
    type: z.literal('records'),
    scope: z.string(),
    revision: z.number(),
    writes: z.array(z.object({ key: z.string(), value: z.unknown() })),
  }),
])

/**
 * The durable list of unfinished mutations of one user, shared by all tabs. Storage decides, this tab's
 * mirror follows: by its own commits, and by the messages of other tabs.
 */
export class OfflineQueue {
  readonly mirror = new QueueMirror()
  readonly unreadable: UnreadableEntry[] = []
  readonly #options: OfflineQueueOptions
  readonly #committer: Committer
  readonly #memoryOnly = new Set<string>()
  readonly #unsubscribe: () => void
  readonly #revisions = new RevisionLog()
  #cancelReload: (() => void) | undefined
  /** Some other tab has been heard of: telling an empty room would cost as much as storing. */
  #hasCompany = false
  #hasPurged = false
  #hasFailedOver = false
  #hasRefused = false

  constructor(options: OfflineQueueOptions) {
    this.#options = options
    this.#committer = new Committer({
      clock: options.clock,
      storage: options.storage,
      onCommitted: (committed) => this.#committed(committed),
      rescue: (error) => this.#rescue(error),
    })
    this.#unsubscribe = options.channel.subscribe((message) => this.#receive(message))
    this.#post({ type: 'hello' })
  }

  /** `memory`: what is submitted now would be lost with the tab. */
  get durability(): 'disk' | 'memory' {
    return this.#committer.storage.durability
  }

  /**
   * True after the storage failed under way: a write that seemed lost may have landed on disk after all, and a
   * later page load would send it. So nothing may be called "never sent" by this tab alone.
   */
  get mayHaveStrays(): boolean {
    return this.#hasFailedOver
  }

  durabilityOf(id: string): 'disk' | 'memory' {
    if (this.#memoryOnly.has(id)) return 'memory'
    // Until it is stored, a click is as safe as the storage it is on its way to.
    const isOnItsWay = this.mirror.get(id)?.storedAt === null
    return isOnItsWay || this.#options.storage.durability === 'memory' ? this.durability : 'disk'
  }

  /** True when a tab met an entry of a later version: this one is outdated and must not send. */
  get isOutdated(): boolean {
    return this.unreadable.some(({ code }) => code === 'ENTRY_NEWER')
  }

  /** Reads all entries; again after the tab was frozen and may have missed messages. */
  async load(): Promise<void> {
    // What is stored while the entries are being read must not be taken for deleted.
    const before = [...this.mirror.all()].filter((record) => record.seq !== null)
    const entries = await this.#committer.entries()
    const meta = toMeta(new Map(entries).get(META_KEY))
    if (meta !== undefined) this.#revisions.startAt(meta.revision)
    else if (entries.length > 0)
      this.#options.report('ENTRY_UNREADABLE', 'What the offline queue keeps about itself was damaged; it is counted anew.')
    const changes: MirrorChange[] = []
    const seen = new Set<string>()
    this.unreadable.length = 0
    for (const [key, value] of entries) {
      if (key === META_KEY) continue
      seen.add(key)
      const record = this.#read(key, value)
      const change = record && this.mirror.put(record)
      if (change) changes.push(change)
    }
    for (const { id } of before) {
      if (seen.has(id)) continue
      const change = this.mirror.remove(id)
      if (change) changes.push(change)
    }
    this.#options.onChange(changes)
  }

  /** Shows a click at once; `run(enqueue(…))` makes it durable. */
  show(records: readonly MutationRecord[]): void {
    this.#options.onChange(records.map((record) => this.mirror.put(record)).filter((change) => change !== undefined))
  }

  /** Takes a click back that became no mutation of its own. */
  hide(ids: readonly string[]): void {
    this.#options.onChange(ids.map((id) => this.mirror.remove(id)).filter((change) => change !== undefined))
  }

  /** Runs one read-decide-write step; resolves after the commit. */
  run<Result>(operation: Operation<Result>): Promise<Result> {
    return this.#committer.run(operation)
  }

  /** Takes over what a failed claim found in storage. */
  refresh(found: readonly { id: string; current: MutationRecord | undefined }[]): void {
    const changes = found.map(({ id, current }) => (current === undefined ? this.mirror.remove(id) : this.mirror.put(current)))
    this.#options.onChange(changes.filter((change) => change !== undefined))
  }

  /** Looks whether another tab wrote something that this one was not told. */
  lookAround(): Promise<void> {
    return this.run({ apply: () => undefined })
  }

  close(): void {
    this.#cancelReload?.()
    this.#unsubscribe()
    this.#committer.storage.close()
  }

  // A tab that crashed right after a commit told nobody; a message may also just be late.
  #noteRevision({ revision, writes }: Pick<Committed, 'revision' | 'writes'>): void {
    if (writes.length > 0) this.#revisions.note(revision)
    else this.#revisions.reached(revision)
    if (!this.#revisions.hasGap || this.#cancelReload !== undefined || this.#hasFailedOver) return
    this.#cancelReload = this.#options.clock.setTimer(() => {
      this.#cancelReload = undefined
      if (this.#revisions.hasGap) void this.load().catch(() => undefined)
    }, LATE_MESSAGE_MS)
  }

  #committed({ writes, revision }: Committed): void {
    this.#noteRevision({ writes, revision })
    const changes: MirrorChange[] = []
    for (const { key, value } of writes) {
      if (key === META_KEY) continue
      if (value !== undefined && this.#hasFailedOver && this.mirror.get(key)?.storedAt === null) this.#memoryOnly.add(key)
      const change = value === undefined ? this.mirror.remove(key) : this.mirror.put(value as MutationRecord)
      if (change) changes.push(change)
    }
    if (changes.length === 0) return
    // What only this tab's memory holds is no news that another tab could act on.
    if (this.#hasCompany && !this.#hasFailedOver) this.#post({ type: 'records', revision, writes })
    this.#options.onChange(changes)
  }

  #receive(message: unknown): void {
    const parsed = messageSchema.safeParse(message)
    if (!parsed.success || parsed.data.scope !== this.#options.scope) {
      this.#refuse()
      return
    }
    this.#hasCompany = true
    if (parsed.data.type === 'hello') this.#post({ type: 'here' })
    // What was written before the others knew of this tab was told to nobody.
    if (parsed.data.type === 'here') void this.lookAround().catch(() => undefined)
    if (parsed.data.type !== 'records') return
    const { writes, revision } = parsed.data
    this.#committer.follow({ writes, revision })
    this.#noteRevision({ writes, revision })
    const changes = writes.map(({ key, value }) => {
      if (key === META_KEY) return undefined
      if (value === undefined) return this.mirror.remove(key)
      const record = this.#read(key, value)
      return record && this.mirror.put(record)
    })
    this.#options.onChange(changes.filter((change) => change !== undefined))
  }

  #post(message: object): void {
    this.#options.channel.post({ ...message, scope: this.#options.scope })
  }

  // Told once: whoever posts nonsense must not fill the telemetry as well.
  #refuse(): void {
    if (this.#hasRefused) return
    this.#hasRefused = true
    this.#options.report(
      'TAB_MESSAGE_REFUSED',
      "A page of this origin said something on the queue's channel that no tab of this user says; it was ignored.",
    )
  }

  #read(key: string, value: unknown): MutationRecord | undefined {
    const parsed = parseRecord(value)
    if (parsed.kind === 'record') {
      const { actor, tenant } = parsed.record
      if (actor === this.#options.actor && tenant === this.#options.tenant) return parsed.record
      this.#cannotRead(key, 'ENTRY_UNREADABLE', 'it belongs to another user')
    } else if (parsed.kind === 'newer') {
      this.#cannotRead(key, 'ENTRY_NEWER', `it was written by version ${parsed.version}; reload this page`)
    } else {
      this.#cannotRead(key, 'ENTRY_UNREADABLE', parsed.reason)
    }
    return undefined
  }

  #cannotRead(key: string, code: UnreadableEntry['code'], reason: string): void {
    if (this.unreadable.some((entry) => entry.key === key)) return
    this.unreadable.push({ key, code, reason })
    this.#options.report(code, `An entry of the offline queue cannot be read: ${reason}. It is kept as it is.`)
  }

  async #rescue(error: unknown): Promise<MutationStorage> {
    if (this.#hasFailedOver) throw error
    const isFull = (error as { name?: unknown } | null)?.name === 'QuotaExceededError'
    if (isFull && !this.#hasPurged) {
      this.#hasPurged = true
      await this.#purgeSettled()
      return this.#committer.storage
    }
    this.#hasFailedOver = true
    const code = isFull ? 'STORAGE_FULL' : 'STORAGE_REFUSED'
    this.#options.report(code, `The browser storage failed, so clicks are kept in this tab's memory only. ${describeError(error)}`)
    const stored = [...this.mirror.all()].filter((record) => record.seq !== null)
    return new MemoryStorage(new Map(stored.map((record) => [record.id, record])))
  }

  async #purgeSettled(): Promise<void> {
    const ids = [...this.mirror.settled()].map((record) => record.id)
    try {
      // Without its entry about itself the queue is read anew, by every tab.
      const writes = [META_KEY, ...ids].map((key) => ({ key, value: undefined }))
      await this.#committer.storage.transaction({ strict: false }, async () => writes)
      this.#options.onChange(ids.map((id) => this.mirror.remove(id)).filter((change) => change !== undefined))
    } catch {
      // Nothing could be freed; the next failure goes to memory.
    }
  }
}
