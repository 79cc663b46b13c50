import type { Clock } from '../ports/Clock.js'
import type { Connectivity } from '../ports/Connectivity.js'
import type { Random } from '../ports/Random.js'
import type { EntityStore } from '../store/EntityStore.js'
import type { Report } from '../telemetry/report.js'
import { type CatchUpResult, ChangeLogReader, type Read } from './ChangeLogReader.js'
import { RowReader } from './RowReader.js'
import { dropBase, forgetVersions } from './reviseRows.js'
import { nextCatchUpDelay, turnDelay } from './schedule.js'
import type { SnapshotLoader } from './snapshot.js'
import type { TableChannel } from './TableChannel.js'

export interface CatchUpLoopOptions {
  /** The tables that are watched, or were. */
  channels: ReadonlyMap<string, TableChannel>
  store: EntityStore
  read: Read
  /** How all rows of a table are read. */
  snapshot: SnapshotLoader
  clock: Clock
  random: Random
  connectivity: Connectivity
  report: Report
  /** Takes the changes of one page of the log, unchecked. */
  apply: (changes: readonly unknown[]) => void
  /** Time for a catch-up has come, and `isPolling` says whether some table gets nothing pushed. */
  onDue: (isPolling: boolean) => void
}

/** How a table stood when a catch-up began. */
interface Began {
  readonly channel: TableChannel
  readonly at: ReturnType<TableChannel['beginning']>
}

type CaughtUp = Extract<CatchUpResult, { kind: 'caught-up' }>
type Failed = Extract<CatchUpResult, { kind: 'failed' }>

/** Reads the change log, and rows where the log does not reach; tells each table what that means for it; and plans the next time. */
export class CatchUpLoop {
  readonly #options: CatchUpLoopOptions
  readonly #log: ChangeLogReader
  readonly #rows: RowReader
  #life: AbortController | null = null
  #failures = 0
  #isExpecting = false
  #cancelTimer = () => {}
  /** Present while the log is to be read because everybody was told something. */
  #cancelTurn: (() => void) | null = null

  constructor(options: CatchUpLoopOptions) {
    this.#options = options
    this.#log = new ChangeLogReader(options)
    this.#rows = new RowReader(options)
  }

  get cursor(): string | null {
    return this.#log.cursor
  }

  /** Another user, or nobody: whatever is under way comes to nothing. */
  reset(isSomebodyHere: boolean): void {
    this.#life?.abort()
    this.#life = isSomebodyHere ? new AbortController() : null
    this.#cancelTimer()
    this.#endTurn()
    this.#log.reset()
    this.#rows.reset()
    this.#failures = 0
    this.#isExpecting = false
  }

  /** Something speaks for it that the next try succeeds. */
  forgetFailures(): void {
    this.#failures = 0
  }

  /**
   * Everybody was told at once that there is news: reads the log when it is this tab's turn. A turn that is planned
   * stays as it is, however many hints come.
   */
  runInTurn(): void {
    const { clock, connectivity, random } = this.#options
    // A server in trouble is asked at the pace of the failures.
    if (this.#life === null || this.#failures > 0) return
    this.#cancelTurn ??= clock.setTimer(() => void this.run(), turnDelay(connectivity.isVisible(), random.uniform()))
  }

  /** Reads the log to its end. Never rejects. */
  async run(): Promise<void> {
    const { store, connectivity } = this.#options
    this.#endTurn()
    const own = this.#life
    const began = this.#joined().map((channel) => ({ channel, at: channel.beginning() }))
    if (own === null || began.length === 0) return
    const mark = store.mark()
    const wasOffline = !connectivity.isOnline()
    const result = await this.#log.catchUp()
    if (own !== this.#life) return
    if (result.kind === 'caught-up') {
      // The platform said offline, and the server answered: the server is right.
      if (wasOffline) for (const { channel } of began) channel.signal({ type: 'online', online: true })
      store.settleAcknowledged(mark)
      this.#onCaughtUp(result, began)
    } else if (result.kind === 'gone') this.#onGone(result.isNewEpoch)
    else if (result.kind === 'failed') this.#onFailed(result.reason)
    this.reschedule()
  }

  /** The facts that decide when the log is read next have changed. */
  reschedule(): void {
    this.#cancelTimer()
    const { clock, connectivity, random, onDue } = this.#options
    const joined = this.#joined()
    if (this.#life === null || joined.length === 0) return
    const polling = joined.some((channel) => channel.needsPolling)
    const expecting = this.#isExpecting || joined.some(({ pushes }) => pushes.isSuspicious())
    const facts = { polling, expecting, visible: connectivity.isVisible(), online: connectivity.isOnline(), failures: this.#failures }
    this.#cancelTimer = clock.setTimer(() => onDue(polling), nextCatchUpDelay(facts, random.uniform()))
  }

  #endTurn(): void {
    this.#cancelTurn?.()
    this.#cancelTurn = null
  }

  #joined(): TableChannel[] {
    return [...this.#options.channels.values()].filter((channel) => channel.isJoined)
  }

  #onCaughtUp({ horizonLagMs, isFirst }: CaughtUp, began: readonly Began[]): void {
    if (!isFirst) this.#failures = 0
    // What was committed behind a transaction that is still open will be in the log soon.
    this.#isExpecting = horizonLagMs > 0
    for (const { channel, at } of began) {
      if (!channel.isJoined) continue
      const coverage = this.#rows.coverage(channel.table)
      if (coverage) {
        channel.caughtUp(at, { horizonLagMs, ...coverage })
        if (!this.#isExpecting) this.#review(channel, at)
      }
      if (!this.#rows.coverage(channel.table)) void this.#readRows(channel)
    }
  }

  /** The log is whole: what was pushed and is not in it is put right by reading the rows. */
  #review(channel: TableChannel, { pushed }: Began['at']): void {
    const ids = channel.pushes.review(pushed)
    if (ids.length === 0) return
    forgetVersions(this.#options.store, channel.table, ids)
    channel.subscribers.forgetVersions(ids)
    this.#rows.readAgain(channel.table)
  }

  async #readRows(channel: TableChannel): Promise<void> {
    const own = this.#life
    if (own === null) return
    const outcome = await this.#rows.read(channel.table, channel.subscribers, own.signal)
    if (own !== this.#life || outcome === 'busy') return
    if (outcome === 'read') return this.run()
    this.#failures += 1
    channel.signal({ type: 'catch-up-failed', reason: 'server' })
    this.reschedule()
  }

  #onGone(isNewEpoch: boolean): void {
    this.#failures += 1
    this.#rows.readAllAgain()
    if (isNewEpoch) dropBase(this.#options.store)
    for (const channel of this.#options.channels.values()) {
      channel.pushes.meetGap()
      if (isNewEpoch) channel.subscribers.forgetVersions()
      channel.signal({ type: 'refetch' })
    }
    // Once at once; servers that disagree about the epoch must not make this a tight loop.
    if (this.#failures === 1) void this.run()
  }

  #onFailed(reason: Failed['reason']): void {
    this.#failures += 1
    if (reason === 'denied') {
      dropBase(this.#options.store)
      this.#rows.readAllAgain()
      for (const { pushes } of this.#options.channels.values()) pushes.meetGap()
    }
    for (const channel of this.#joined()) channel.signal({ type: 'catch-up-failed', reason })
  }
}
