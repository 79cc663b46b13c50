import type { MutationRecord, Single } from '../mutation/MutationRecord.js'
import { isPending, plannedFor } from '../mutation/mutationState.js'
import type { Clock } from '../ports/Clock.js'
import { recover } from '../queue/change.js'
import type { OfflineQueue } from '../queue/OfflineQueue.js'
import type { RecordChange } from '../queue/Records.js'
import { LONGEST_WAIT_MS } from '../retry/backoff.js'
import type { Presence } from '../tabs/Presence.js'
import type { Report } from '../telemetry/report.js'

/** A tab that has been `sending` for longer than this hangs; its request has timed out long ago. */
const TAKE_OVER_AFTER_MS = 45_000
const LOOK_AROUND_MS = 15_000
/** What another living tab submitted is its own to send first; no longer than a click may seem to be sent that waits there. */
const FOREIGN_GRACE_MS = 1_000

export interface TakeOverOptions {
  queue: OfflineQueue
  presence: Presence
  clock: Clock
  report: Report
  tabId: string
}

export interface TakeOverEvents {
  /** This tab is sending it right now. */
  isBusy: (id: string) => boolean
  onRecovered: () => void
}

/** Watches over what other tabs began: takes back what dead or hanging ones were sending. */
export class TakeOver {
  readonly #options: TakeOverOptions
  readonly #events: TakeOverEvents
  readonly #onDeath = () => void this.#recoverStuck()
  #cancelTimer = () => {}

  constructor(options: TakeOverOptions, events: TakeOverEvents) {
    this.#options = options
    this.#events = events
  }

  /** From now on, until `stop`: looks now and then for what no message told. */
  start(): void {
    const { clock, queue } = this.#options
    this.#cancelTimer()
    this.#cancelTimer = clock.setTimer(() => this.start(), LOOK_AROUND_MS)
    void queue.load().catch(() => undefined)
    void this.#recoverStuck()
  }

  stop(): void {
    this.#cancelTimer()
  }

  /** Other tabs' mutations came or changed: learn at once when such a tab ends. */
  watch(changes: readonly RecordChange[]): void {
    for (const { after } of changes) {
      if (after === undefined || !isPending(after)) continue
      for (const tab of [after.origin.tabId, after.state === 'sending' ? after.sender : undefined]) {
        if (tab !== undefined) this.#options.presence.watch(tab, this.#onDeath)
      }
    }
  }

  /** When it is this tab's turn to send what another one submitted; 0: at any time. */
  turnOf(record: MutationRecord, now: number): number {
    const { presence, tabId } = this.#options
    if (record.origin.tabId === tabId || presence.isDead(record.origin.tabId)) return 0
    // An instant in the future was written before the clock stepped back, and would never come to an end.
    const since = [plannedFor(record), record.storedAt].map((at) => (at !== null && at <= now ? at : 0))
    return Math.max(...since) + FOREIGN_GRACE_MS
  }

  async #recoverStuck(): Promise<void> {
    const { queue, clock, report } = this.#options
    const stuck = [...queue.records.unfinished()].filter((record) => this.#isStuck(record))
    const left = { changed: false }
    const answers = await Promise.all(stuck.map((record) => queue.run(recover(record, clock.now())).catch(() => left)))
    if (answers.some(({ changed }) => changed)) report('TAKE_OVER')
    this.#events.onRecovered()
  }

  #isStuck(record: MutationRecord): record is Single<'sending'> {
    const { clock, presence, tabId } = this.#options
    if (record.state !== 'sending' || this.#events.isBusy(record.id)) return false
    const sinceMs = clock.now() - record.sendingAt
    const isLate = sinceMs > TAKE_OVER_AFTER_MS || sinceMs < -LONGEST_WAIT_MS
    return isLate || (record.sender !== tabId && presence.isDead(record.sender))
  }
}
