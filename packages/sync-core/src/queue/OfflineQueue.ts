import { z } from '@org/contracts/client'
import { MemoryStorage } from '../adapters/memoryStorage.js'
import { type MutationRecord, parseRecord } from '../mutation/MutationRecord.js'
import type { Clock } from '../ports/Clock.js'
import type { MutationStorage } from '../ports/MutationStorage.js'
import type { TabChannel } from '../ports/TabChannel.js'
import { describeError, type Report } from '../telemetry/report.js'
import { Committer } from './Committer.js'
import type { QueueEntry } from './Draft.js'
import type { Operation } from './Operation.js'
import { type MirrorChange, QueueMirror } from './QueueMirror.js'
import type { Committed } from './StoredQueue.js'
import { forget, isPlaceKept } from './tidy.js'

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

const positionSchema = z.object({ seq: z.number(), revision: z.number() })

const messageSchema = z.discriminatedUnion('type', [
  /** A tab is new here. */
  z.object({ type: z.literal('hello'), scope: z.string() }),
  /** ... and learns that it is not alone. */
  z.object({ type: z.literal('here'), scope: z.string() }),
  z.object({
    type: z.literal('records'),
    scope: z.string(),
    from: positionSchema,
    to: positionSchema,
    writes: z.array(z.object({ id: z.string(), value: z.unknown() })),
  }),
])

/**
 * The durable list of unfinished mutations of one user, shared by all tabs. Storage decides, this tab's
 * mirror follows: by its own commits, and by the messages of other tabs.
 */
export class OfflineQueue {
  readonly mirror = new QueueMirror()
  unreadable: readonly UnreadableEntry[] = []
  readonly #options: OfflineQueueOptions
  readonly #committer: Committer
  readonly #memoryOnly = new Set<string>()
  readonly #unsubscribe: () => void
  #cancelLook: (() => void) | undefined
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
      remembered: () => this.mirror.all(),
      onCommitted: (committed) => this.#committed(committed),
      rescue: (error) => this.#rescue(error),
    })
    this.#unsubscribe = options.channel.subscribe((message) => this.#receive(message))
    options.storage.onLost?.(() => void this.load().catch(() => undefined))
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

  /** Takes over what is stored, as far as it is not known: all of it at first, later what no other tab told. */
  load(): Promise<void> {
    return this.run({ apply: () => undefined })
  }

  /** Shows a click at once; `run(enqueue(…))` makes it durable. */
  show(records: readonly MutationRecord[]): void {
    this.#changed(records.map((record) => this.mirror.put(record)))
  }

  /** Takes a click back that became no mutation of its own. */
  hide(ids: readonly string[]): void {
    this.#changed(ids.map((id) => this.mirror.remove(id)))
  }

  /** Runs one read-decide-write step; resolves after the commit. */
  run<Result>(operation: Operation<Result>): Promise<Result> {
    return this.#committer.run(operation)
  }

  close(): void {
    this.#cancelLook?.()
    this.#unsubscribe()
    this.#committer.storage.close()
  }

  #committed({ writes, learned, from, to, isRebuilt, restored }: Committed): void {
    if (isRebuilt && !this.#hasFailedOver)
      this.#options.report('ENTRY_UNREADABLE', 'What the offline queue keeps about itself was damaged; it was counted anew.')
    if (restored > 0) {
      const message = "The browser's storage was emptied while clicks were waiting in it. This tab still knew them and stored them again."
      this.#options.report('STORAGE_LOST', message, { restored })
    }
    for (const { id, value } of writes) {
      if (value !== undefined && this.#hasFailedOver && this.mirror.get(id)?.storedAt === null) this.#memoryOnly.add(id)
    }
    // What only this tab's memory holds is no news that another tab could act on.
    if (writes.length > 0 && this.#hasCompany && !this.#hasFailedOver) this.#post({ type: 'records', from, to, writes })
    const own = writes.map(({ id, value }) => this.#mirror(id, value as MutationRecord | undefined))
    this.#changed([...learned.map((entry) => this.#mirror(entry.id, this.#read(entry))), ...own])
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
    if (parsed.data.type === 'here') void this.load().catch(() => undefined)
    if (parsed.data.type !== 'records') return
    const { writes, from, to } = parsed.data
    if (!this.#committer.follow(writes, from, to)) this.#lookSoon()
    this.#changed(writes.map((entry) => this.#mirror(entry.id, this.#read(entry))))
  }

  // An earlier message is missing: it may be late, or its tab crashed right after the commit and told nobody.
  #lookSoon(): void {
    this.#cancelLook ??= this.#options.clock.setTimer(() => {
      this.#cancelLook = undefined
      void this.load().catch(() => undefined)
    }, LATE_MESSAGE_MS)
  }

  #mirror(id: string, record: MutationRecord | undefined): MirrorChange | undefined {
    return record === undefined ? this.mirror.remove(id) : this.mirror.put(record)
  }

  #changed(changes: readonly (MirrorChange | undefined)[]): void {
    const news = changes.filter((change) => change !== undefined)
    if (news.length > 0) this.#options.onChange(news)
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

  #read({ id: key, value }: Pick<QueueEntry, 'id' | 'value'>): MutationRecord | undefined {
    const before = this.unreadable.find((entry) => entry.key === key)
    if (before !== undefined) this.unreadable = this.unreadable.filter((entry) => entry !== before)
    if (value === undefined) return undefined
    const parsed = parseRecord(value)
    if (parsed.kind === 'record' && this.#isOwn(parsed.record)) return parsed.record
    const entry: UnreadableEntry =
      parsed.kind === 'record'
        ? { key, code: 'ENTRY_UNREADABLE', reason: 'it belongs to another user' }
        : parsed.kind === 'newer'
          ? { key, code: 'ENTRY_NEWER', reason: `it was written by version ${parsed.version}; reload this page` }
          : { key, code: 'ENTRY_UNREADABLE', reason: parsed.reason }
    this.unreadable = [...this.unreadable, entry]
    if (before === undefined)
      this.#options.report(entry.code, `An entry of the offline queue cannot be read: ${entry.reason}. It is kept as it is.`)
    return undefined
  }

  #isOwn({ actor, tenant }: MutationRecord): boolean {
    return actor === this.#options.actor && tenant === this.#options.tenant
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
    return new MemoryStorage(new Map(stored.map((record) => [record.seq as number, record])))
  }

  async #purgeSettled(): Promise<void> {
    const now = this.#options.clock.now()
    try {
      await this.#committer.runAlone(forget([...this.mirror.settled()].filter((record) => !isPlaceKept(record, now))))
    } catch {
      // Nothing could be freed; the next failure goes to memory.
    }
  }
}
