import type { Presence } from '../dispatch/Presence.js'
import { CallbackDesk } from '../mutation/CallbackDesk.js'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import type { MutationViews } from '../mutation/MutationViews.js'
import { become, isPending } from '../mutation/mutationState.js'
import type { Clock } from '../ports/Clock.js'
import type { Locks } from '../ports/Locks.js'
import { change } from '../queue/change.js'
import type { OfflineQueue } from '../queue/OfflineQueue.js'
import type { MutationView } from '../SyncClient.js'
import type { Report } from '../store/report.js'

/** A living tab tells an ending at once. Where no lock says that it is dead, it counts as gone after this long. Milliseconds. */
const OWNER_GRACE_MS = 10_000

export interface TellerOptions {
  queue: OfflineQueue
  views: MutationViews
  presence: Presence
  locks: Locks
  clock: Clock
  report: Report
  tabId: string
}

/**
 * Sees to it that callbacks are called at most once in a mutation's life: by the tab that submitted or, after its
 * death, by whichever offers callbacks and wins the compare-and-set.
 */
export class Teller {
  readonly desk: CallbackDesk
  readonly #options: TellerOptions
  readonly #waiters = new Map<string, ((view: MutationView) => void)[]>()
  /** Endings left to another tab for a while. */
  readonly #graces = new Map<string, () => void>()
  #isSilent = false

  constructor(options: TellerOptions) {
    this.#options = options
    this.desk = new CallbackDesk(options.report)
  }

  /** Someone else is signed in now: nothing is told any more. */
  silence(): void {
    this.#isSilent = true
    for (const cancel of this.#graces.values()) cancel()
  }

  /** The click turned out to be another mutation: whoever waits for it waits for that. */
  move(from: string, to: string): void {
    this.desk.move(from, to)
    for (const resolve of this.#waiters.get(from) ?? []) void this.whenSettled(to).then(resolve)
    this.#waiters.delete(from)
  }

  whenSettled(id: string): Promise<MutationView> {
    const view = this.#options.views.get(id)
    if (view?.settled) return Promise.resolve(view)
    return new Promise((resolve) => this.#waiters.set(id, [...(this.#waiters.get(id) ?? []), resolve]))
  }

  /** A mutation is not pending any more: whoever waits is told, and callbacks if they are this tab's to call. */
  noteEnd(record: MutationRecord): void {
    const view = this.#options.views.get(record.id)
    if (view?.settled) {
      for (const resolve of this.#waiters.get(record.id) ?? []) resolve(view)
      this.#waiters.delete(record.id)
    }
    void this.tellIfEnded(record)
  }

  /** True when this tab has the callbacks and the right to call them. */
  mayTell(record: MutationRecord): boolean {
    return this.desk.has(record.parentId ?? record.id) && this.#isMine(record)
  }

  /** Tells what this tab has already written down as told. */
  tell(id: string): void {
    const view = this.#options.views.get(id)
    if (view !== undefined && !this.#isSilent) this.desk.tellEnd(id, view)
  }

  /** Tells an ending once it is this tab's to tell. */
  async tellIfEnded(record: MutationRecord): Promise<void> {
    if (isPending(record) || record.notifiedAt !== undefined || !this.desk.has(record.id)) return
    if (this.#isMine(record)) await this.#claim(record)
    else this.#leaveToOwner(record)
  }

  #leaveToOwner(record: MutationRecord): void {
    const { presence, locks, clock } = this.#options
    if (locks.available) presence.watch(record.origin.tabId, () => this.#tellOrphans())
    else if (!this.#graces.has(record.id))
      this.#graces.set(
        record.id,
        clock.setTimer(() => void this.#claim(record), OWNER_GRACE_MS),
      )
  }

  async #claim(record: MutationRecord): Promise<void> {
    const { queue, clock } = this.#options
    if (!this.desk.has(record.id)) return
    const now = clock.now()
    const claim = (current: MutationRecord) => {
      const isOpen = current.notifiedAt === undefined && !isPending(current)
      return isOpen ? { ...current, notifiedAt: now, rev: current.rev + 1 } : undefined
    }
    // What could not be written down is not told: whoever loads the page next will be.
    const { changed } = await queue.run(change(record, claim, { now })).catch(() => ({ changed: false }))
    if (changed) this.tell(record.id)
  }

  /** The server's circuit breaker opened for this action: everyone who waits for it learns that once. */
  async tellCircuit(action: string): Promise<void> {
    const { queue, views, clock } = this.#options
    for (const id of [...this.desk.ids()]) {
      const record = queue.mirror.get(id)
      if (record?.action !== action || record.state !== 'queued' || record.circuitToldAt !== undefined) continue
      const now = clock.now()
      const claim = (current: MutationRecord) => {
        const isOpen = current.state === 'queued' && current.circuitToldAt === undefined
        return isOpen ? become(current, 'queued', { circuitToldAt: now }) : undefined
      }
      const { changed } = await queue.run(change(record, claim, { now })).catch(() => ({ changed: false }))
      const view = changed ? views.get(id) : undefined
      if (view !== undefined && !this.#isSilent) this.desk.tellCircuit(id, view)
    }
  }

  #isMine({ origin }: MutationRecord): boolean {
    return origin.tabId === this.#options.tabId || this.#options.presence.isDead(origin.tabId)
  }

  #tellOrphans(): void {
    for (const id of [...this.desk.ids()]) {
      const record = this.#options.queue.mirror.get(id)
      if (record !== undefined) void this.tellIfEnded(record)
    }
  }
}
