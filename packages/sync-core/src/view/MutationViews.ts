import type { AnyAction } from '@org/contracts/client'
import type { Outlook } from '../dispatch/Outlook.js'
import type { UserApi } from '../identity/UserApi.js'
import { childIds } from '../mutation/bulkParent.js'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import { attemptsOf, isAmbiguous, isDismissed, plannedFor, resultOf } from '../mutation/mutationState.js'
import { isHeldUp } from '../queue/behind.js'
import type { Unreadable } from '../queue/entry.js'
import type { OfflineQueue } from '../queue/OfflineQueue.js'
import type { MutationView, QueuedMutation } from '../SyncClient.js'
import { kept } from './kept.js'
import { toView, type ViewContext } from './mutationView.js'

export interface ViewsOptions {
  queue: OfflineQueue
  tabId: string
  findAction: (name: string) => AnyAction | undefined
  api: Pick<UserApi, 'maySend' | 'reason'>
  outlook: Pick<Outlook, 'isOffline' | 'wait' | 'restOf'>
}

/** The queue as components see it. Views are made when asked for and keep their identity while nothing in them changed. */
export class MutationViews {
  readonly #options: ViewsOptions
  readonly #shown = new Map<string, MutationView>()
  /** Of which nothing has changed since they were made. */
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
    const shown = this.#shown.get(id)
    if (this.#fresh.has(id)) return shown
    const record = this.#options.queue.records.get(id)
    if (record === undefined) return undefined
    const view = kept(shown, this.make(record))
    this.#shown.set(id, view)
    this.#fresh.add(id)
    return view
  }

  /** Of a record as it is given. */
  make(record: MutationRecord): MutationView {
    return toView(record, this.#contextOf(record))
  }

  /** The newest click in `lane` with that action, unless a person took it off the screen. */
  latestInLane(lane: string, actionName: string): MutationView | undefined {
    const isShown = (record: MutationRecord) =>
      record.parentId === undefined && record.action === actionName && !isDismissed(record) && resultOf(record)?.outcome !== 'cancelled'
    const latest = this.#options.queue.records.lane(lane).findLast(isShown)
    return latest && this.get(latest.id)
  }

  /** Unfinished clicks, dead letters and what cannot be read. */
  list(): readonly QueuedMutation[] {
    this.#list ??= this.#makeList()
    return this.#list
  }

  /** This mutation changed: its view, and its parent's. */
  changed({ id, parentId = id }: MutationRecord): void {
    this.#fresh.delete(id)
    this.#fresh.delete(parentId)
    this.#list = undefined
  }

  /** Something all views depend on changed. */
  contextChanged(): void {
    this.#fresh.clear()
    this.#list = undefined
  }

  #contextOf(record: MutationRecord): ViewContext {
    const { queue, tabId, findAction, api, outlook } = this.#options
    return {
      online: !outlook.isOffline,
      heldBy: api.maySend() === 'yes' ? null : (api.reason() ?? 'asking'),
      tabId,
      durability: queue.durabilityOf(record.id),
      action: findAction(record.action),
      rest: outlook.restOf(record.action),
      isCrowded: outlook.wait === 'place',
      children: childIds(record).flatMap((id) => queue.records.get(id) ?? []),
      isHeldUp: (waiting) => isHeldUp(queue.records, waiting, outlook.wait !== null),
    }
  }

  #makeList(): readonly QueuedMutation[] {
    const { queue } = this.#options
    const list: QueuedMutation[] = []
    for (const record of queue.records.all()) {
      if (record.parentId === undefined && record.state !== 'settled') list.push(this.#toQueued(record, record.state))
    }
    return [...list, ...[...queue.records.unreadable.values()].map(unreadable)]
  }

  #toQueued(record: MutationRecord, state: QueuedMutation['state']): QueuedMutation {
    const { id, action, request, createdAt, lastError } = record
    const error = this.get(id)?.error
    const at = resultOf(record)?.at ?? lastError?.at ?? 0
    return {
      id,
      action,
      request,
      state,
      attempts: attemptsOf(record),
      createdAt,
      nextAttemptAt: plannedFor(record),
      ambiguous: isAmbiguous(record),
      lastError: error === undefined ? null : { code: error.code, message: error.message, at },
      durability: this.#options.queue.durabilityOf(id),
    }
  }
}

function unreadable({ id, code, reason }: Unreadable): QueuedMutation {
  const message = `An entry of the offline queue cannot be read: ${reason}.`
  return {
    id,
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
