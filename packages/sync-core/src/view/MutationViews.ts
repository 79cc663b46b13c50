import type { AnyAction } from '@org/contracts/client'
import { childIds } from '../mutation/bulkParent.js'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import { attemptsOf, isAmbiguous, isDismissed, plannedFor, resultOf } from '../mutation/mutationState.js'
import type { OfflineQueue } from '../queue/OfflineQueue.js'
import type { MutationView, QueuedMutation } from '../SyncClient.js'
import { errorText } from './mutationError.js'
import { type Held, keepView, toView } from './mutationView.js'

export interface ViewsOptions {
  queue: OfflineQueue
  tabId: string
  findAction: (name: string) => AnyAction | undefined
  isOnline: () => boolean
  /** Why nothing may be sent now; null: it may. */
  heldBy: () => Held | null
  circuitUntil: (action: string) => number | null
}

/** The queue as components see it. Views are made when asked for and keep their identity while nothing in them changed. */
export class MutationViews {
  readonly #options: ViewsOptions
  readonly #views = new Map<string, MutationView>()
  readonly #fresh = new Set<string>()
  /** Clicks that became another mutation: joined, or the repetition of one that had just succeeded. */
  readonly #aliases = new Map<string, string>()
  #list: readonly QueuedMutation[] | undefined

  constructor(options: ViewsOptions) {
    this.#options = options
  }

  alias(id: string, of: string): void {
    this.#aliases.set(id, of)
  }

  resolve(id: string): string {
    return this.#aliases.get(id) ?? id
  }

  get(anyId: string): MutationView | undefined {
    const id = this.resolve(anyId)
    if (this.#fresh.has(id)) return this.#views.get(id)
    const record = this.#options.queue.mirror.get(id)
    if (record === undefined) return undefined
    const view = keepView(this.#views.get(id), toView(record, this.#contextOf(record)))
    this.#views.set(id, view)
    this.#fresh.add(id)
    return view
  }

  /** The newest click in `lane` with that action, unless a person took it off the screen. */
  latestInLane(lane: string, actionName: string): MutationView | undefined {
    const { mirror } = this.#options.queue
    let latest: MutationRecord | undefined
    for (const id of mirror.inLane(lane)) {
      const record = mirror.get(id)
      if (record?.action !== actionName || isDismissed(record) || resultOf(record)?.outcome === 'cancelled') continue
      if (latest === undefined || isLater(record, latest)) latest = record
    }
    return latest && this.get(latest.id)
  }

  /** Unfinished clicks, dead letters and what cannot be read. */
  list(): readonly QueuedMutation[] {
    this.#list ??= this.#makeList()
    return this.#list
  }

  /** This mutation changed: its view, and its parent's. */
  changed(record: MutationRecord): void {
    this.#fresh.delete(record.id)
    if (record.parentId !== undefined) this.#fresh.delete(record.parentId)
    this.#list = undefined
  }

  /** Something all views depend on changed. */
  allChanged(): void {
    this.#fresh.clear()
    this.#list = undefined
  }

  #contextOf(record: MutationRecord) {
    const { queue, tabId, findAction, isOnline, heldBy, circuitUntil } = this.#options
    const children = childIds(record)
      .map((id) => queue.mirror.get(id))
      .filter((child) => child !== undefined)
    return {
      online: isOnline(),
      heldBy: heldBy(),
      tabId,
      durability: queue.durabilityOf(record.id),
      action: findAction(record.action),
      circuitUntil: circuitUntil(record.action),
      children,
    }
  }

  #makeList(): readonly QueuedMutation[] {
    const { queue } = this.#options
    const list: QueuedMutation[] = []
    for (const record of queue.mirror.all()) {
      if (record.parentId !== undefined || record.state === 'settled') continue
      list.push(this.#toQueued(record, record.state))
    }
    for (const { key, code, reason } of queue.unreadable) list.push(unreadable(key, code, reason))
    return list
  }

  #toQueued(record: MutationRecord, state: QueuedMutation['state']): QueuedMutation {
    const error = this.get(record.id)?.error
    return {
      id: record.id,
      action: record.action,
      request: record.request,
      state,
      attempts: attemptsOf(record),
      createdAt: record.createdAt,
      nextAttemptAt: plannedFor(record),
      ambiguous: isAmbiguous(record),
      lastError:
        error === undefined ? null : { code: error.code, message: error.message, at: resultOf(record)?.at ?? record.lastError?.at ?? 0 },
      durability: this.#options.queue.durabilityOf(record.id),
    }
  }
}

function unreadable(key: string, code: string, reason: string): QueuedMutation {
  const message = `${errorText(code, 'An entry of the offline queue cannot be read')}: ${reason}.`
  return {
    id: key,
    action: 'unreadable',
    request: undefined,
    state: 'blocked',
    attempts: 0,
    createdAt: 0,
    nextAttemptAt: null,
    ambiguous: true,
    lastError: { code, message, at: 0 },
    durability: 'disk',
  }
}

function isLater(record: MutationRecord, other: MutationRecord): boolean {
  return (record.seq ?? Number.MAX_SAFE_INTEGER) >= (other.seq ?? Number.MAX_SAFE_INTEGER)
}
