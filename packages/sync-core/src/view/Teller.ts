import type { MutationRecord, Single } from '../mutation/MutationRecord.js'
import { endingWithoutAnswer, isBulk, isPending, toldAt } from '../mutation/mutationState.js'
import { revised } from '../mutation/transitions.js'
import type { Clock } from '../ports/Clock.js'
import type { Locks } from '../ports/Locks.js'
import { change } from '../queue/change.js'
import type { OfflineQueue } from '../queue/OfflineQueue.js'
import type { MutationCallbacks, MutationView } from '../SyncClient.js'
import type { Presence } from '../tabs/Presence.js'
import { describeError, type Report } from '../telemetry/report.js'
import type { MutationViews } from './MutationViews.js'

/** A living tab tells an ending at once. Where no lock says that it is dead, it counts as gone after this long. Milliseconds. */
const OWNER_GRACE_MS = 10_000

export interface TellerOptions {
  queue: OfflineQueue
  presence: Presence
  locks: Locks
  clock: Clock
  report: Report
  tabId: string
}

/**
 * Knows who wants to be told about which mutation, and sees to it that callbacks are called at most once in a
 * mutation's life: by the tab that submitted or, after its death, by whichever offers callbacks and wins the
 * compare-and-set.
 */
export class Teller {
  readonly #options: TellerOptions
  readonly #views: MutationViews
  readonly #callbacks = new Map<string, Set<MutationCallbacks>>()
  readonly #waiters = new Map<string, ((view: MutationView) => void)[]>()
  /** Endings left to another tab for a while. */
  readonly #graces = new Map<string, () => void>()
  readonly #onDeath = () => this.#tellOrphans()
  #isSilent = false

  constructor(options: TellerOptions, views: MutationViews) {
    this.#options = options
    this.#views = views
  }

  /** Someone else is signed in now, or nobody: nothing is told any more, and whoever waits learns how it stands. */
  close(): void {
    this.#isSilent = true
    for (const cancel of this.#graces.values()) cancel()
    for (const id of this.#waiters.keys()) {
      const view = this.#views.get(id)
      if (view !== undefined) this.#answer(view)
    }
  }

  /** Returns an idempotent withdrawal. */
  add(id: string, callbacks: MutationCallbacks): () => void {
    const present = this.#callbacks.get(id) ?? new Set()
    this.#callbacks.set(id, present.add(callbacks))
    return () => {
      present.delete(callbacks)
      if (present.size === 0 && this.#callbacks.get(id) === present) this.#callbacks.delete(id)
    }
  }

  /** As `add`, for a mutation whose tab may be gone; undefined where this tab has callbacks for it already. */
  adopt(anyId: string, callbacks: MutationCallbacks): (() => void) | undefined {
    const id = this.#views.resolve(anyId)
    if (this.#callbacks.has(id)) return undefined
    const withdraw = this.add(id, callbacks)
    const record = this.#options.queue.records.get(id)
    if (record !== undefined) void this.tellIfEnded(record)
    return withdraw
  }

  whenSettled(id: string): Promise<MutationView> {
    const view = this.#views.get(id)
    if (view?.settled) return Promise.resolve(view)
    return new Promise((resolve) => this.#waiters.set(id, [...(this.#waiters.get(id) ?? []), resolve]))
  }

  /** The click turned out to be another mutation: whoever waits for it waits for that. */
  move(from: string, to: string): void {
    for (const callbacks of this.#callbacks.get(from) ?? []) this.add(to, callbacks)
    this.#callbacks.delete(from)
    for (const resolve of this.#waiters.get(from) ?? []) void this.whenSettled(to).then(resolve)
    this.#waiters.delete(from)
  }

  /** A mutation is not pending any more: whoever waits is told, and callbacks if they are this tab's to call. */
  noteEnd(record: MutationRecord): void {
    const view = this.#views.get(record.id)
    if (view?.settled) this.#answer(view)
    void this.tellIfEnded(record)
  }

  /** It was deleted. Where it had not ended, nobody here can learn any more what becomes of it. */
  noteGone(record: MutationRecord): void {
    const result = endingWithoutAnswer('unknown', 'OUTCOME_UNKNOWN', this.#options.clock.now())
    this.#answer(this.#views.make({ ...record, state: 'settled', result } as MutationRecord))
  }

  /** True when this tab has the callbacks and the right to call them. */
  mayTell(record: MutationRecord): boolean {
    return this.#callbacks.has(record.parentId ?? record.id) && this.#isMine(record)
  }

  /** Tells an ending that this tab has written down as told. A cancelled mutation is neither success nor error. */
  tell(id: string): void {
    const view = this.#views.get(id)
    if (view === undefined || this.#isSilent) return
    const wanting = this.#callbacks.get(id) ?? []
    this.#callbacks.delete(id)
    for (const { onSuccess, onError, onSettled } of wanting) {
      const { phase, data, error, unreadable } = view
      if (phase === 'success' && !unreadable) this.#call(() => onSuccess?.(data, view))
      else if (error !== undefined && error.code !== 'CANCELLED') this.#call(() => onError?.(error, view))
      this.#call(() => onSettled?.(view))
    }
  }

  /** Tells an ending once it is this tab's to tell. */
  async tellIfEnded(record: MutationRecord): Promise<void> {
    if (isPending(record) || toldAt(record) !== undefined || !this.#callbacks.has(record.id)) return
    if (this.#isMine(record)) await this.#claimAndTell(record)
    else this.#leaveToOwner(record)
  }

  /** The server's circuit breaker opened for this action: everyone who waits for it learns once that it goes on by itself. */
  async tellCircuit(action: string): Promise<void> {
    const isUntold = (record: MutationRecord): record is Single<'queued'> =>
      record.action === action && !isBulk(record) && record.state === 'queued' && record.circuitToldAt === undefined
    for (const record of this.#awaited().filter(isUntold)) {
      const circuitToldAt = this.#options.clock.now()
      const isClaimed = await this.#claim(record, (current) => (isUntold(current) ? revised(current, { circuitToldAt }) : undefined))
      const view = this.#views.get(record.id)
      if (!isClaimed || view?.error === undefined) continue
      const error = { ...view.error, willRetry: true }
      for (const { onError } of [...(this.#callbacks.get(record.id) ?? [])]) this.#call(() => onError?.(error, view))
    }
  }

  #answer(view: MutationView): void {
    for (const resolve of this.#waiters.get(view.id) ?? []) resolve(view)
    this.#waiters.delete(view.id)
  }

  #leaveToOwner(record: MutationRecord): void {
    const { presence, locks, clock } = this.#options
    if (locks.available) presence.watch(record.origin.tabId, this.#onDeath)
    else if (!this.#graces.has(record.id))
      this.#graces.set(
        record.id,
        clock.setTimer(() => void this.#claimAndTell(record), OWNER_GRACE_MS),
      )
  }

  #tellOrphans(): void {
    for (const record of this.#awaited()) void this.tellIfEnded(record)
  }

  async #claimAndTell(record: MutationRecord): Promise<void> {
    if (!this.#callbacks.has(record.id)) return
    const notifiedAt = this.#options.clock.now()
    const isClaimed = await this.#claim(record, (current) => {
      if (isPending(current) || current.notifiedAt !== undefined) return undefined
      return revised(current, { notifiedAt })
    })
    if (isClaimed) this.tell(record.id)
  }

  // What could not be written down is not told: whoever loads the page next will be.
  async #claim(record: MutationRecord, decide: Parameters<typeof change>[1]): Promise<boolean> {
    const { queue, clock } = this.#options
    const { changed } = await queue.run(change(record, decide, { now: clock.now() })).catch(() => ({ changed: false }))
    return changed && !this.#isSilent
  }

  #isMine({ origin }: MutationRecord): boolean {
    return origin.tabId === this.#options.tabId || this.#options.presence.isDead(origin.tabId)
  }

  /** The mutations that callbacks wait for. */
  #awaited(): MutationRecord[] {
    return [...this.#callbacks.keys()].map((id) => this.#options.queue.records.get(id)).filter((record) => record !== undefined)
  }

  #call(callback: () => void): void {
    try {
      callback()
    } catch (error) {
      this.#options.report('CALLBACK_THREW', { error: describeError(error) })
    }
  }
}
