import type { ScopeParts } from '../client/ScopeParts.js'
import type { UserScope } from '../client/UserScope.js'
import { judge } from '../dispatch/attempt.js'
import { resolveRequest } from '../dispatch/mutationRequest.js'
import { childIds } from '../mutation/bulkParent.js'
import { patchesOf } from '../mutation/foldOverlay.js'
import type { MutationRecord, MutationResult, SingleRecord } from '../mutation/MutationRecord.js'
import {
  attemptsOf,
  endingWithoutAnswer,
  hasEnded,
  isAmbiguous,
  isBulk,
  isDismissed,
  isPending,
  resultOf,
} from '../mutation/mutationState.js'
import { dismissed, revived, settled } from '../mutation/transitions.js'
import { change } from '../queue/change.js'

/** What stands after a person asked to take something back. */
export type CancelAnswer = 'cancelled' | 'already-done' | 'unreachable'

/** What a person may do with a mutation. Only the server may say of an attempted one that it never happened. */
export class MutationControls {
  readonly #options: ScopeParts
  readonly #scope: Pick<UserScope, 'views' | 'submit' | 'dispatcher'>

  constructor(options: ScopeParts, scope: Pick<UserScope, 'views' | 'submit' | 'dispatcher'>) {
    this.#options = options
    this.#scope = scope
  }

  /** Tries now what waits, or starts over what ended badly; see `SyncClient.retry`. */
  retry(anyId: string): string | undefined {
    const record = this.#find(anyId)
    if (record === undefined) return undefined
    if (hasEnded(record)) return record.result.outcome === 'success' ? record.id : this.startOver(record)
    if (isPending(record)) this.#scope.dispatcher.hasten(this.#wayOf(record))
    else void this.#revive(record)
    return record.id
  }

  /** A new mutation with a new key and the row's present version, as a person asked. */
  startOver(record: MutationRecord): string | undefined {
    const { findAction, store } = this.#options
    const action = findAction(record.action)
    const result = resultOf(record)
    const isPart = result?.outcome === 'partial' && action?.remaining
    const request = isPart ? isPart(record.request, result.body) : record.request
    if (action === undefined || request === undefined) return undefined
    const [patch] = patchesOf(record, action)
    const version = patch && store.getRow(patch.table, patch.id)?.base?.version
    const { expiresAfterMs, maxAttempts, seenVersion } = record
    const { id } = this.#scope.submit(action, request, {
      maxAttempts,
      expiresAfterMs,
      seenVersion: seenVersion === undefined ? undefined : (version ?? seenVersion),
    })
    // Only now: what is refused room takes nothing off the screen.
    void this.dismiss(record.id)
    return id
  }

  /** Takes a mutation back: at once when it was never attempted, else by asking the server. */
  async cancel(anyId: string): Promise<CancelAnswer> {
    const record = this.#find(anyId)
    // What cannot be read may be anything.
    if (record === undefined) return this.#options.queue.records.unreadable.has(anyId) ? 'unreachable' : 'already-done'
    if (!isBulk(record)) return this.#cancelOne(record)
    const answers = await Promise.all(childIds(record).map((child) => this.cancel(child)))
    if (answers.includes('unreachable')) return 'unreachable'
    // What could be taken back was; its ending says how much of it had taken effect.
    return answers.includes('cancelled') ? 'cancelled' : 'already-done'
  }

  /** Gives up what waits for a person. A recorded refusal needs no question: it was never carried out. */
  async discard(anyId: string): Promise<CancelAnswer> {
    const record = this.#find(anyId)
    if (record?.state !== 'dead') return this.cancel(anyId)
    await this.dismiss(anyId)
    return 'cancelled'
  }

  /** Takes an ended mutation off the screen, in all tabs; with a dead letter, a person has seen it. */
  async dismiss(anyId: string): Promise<void> {
    await this.#change(this.#scope.views.resolve(anyId), (current) => {
      if (isPending(current) || (isDismissed(current) && current.state !== 'dead')) return undefined
      return dismissed(current)
    })
  }

  /** Lets what nobody knows the outcome of be tried again: it is asked what stands first. */
  async #revive(record: MutationRecord): Promise<void> {
    const ids = isBulk(record) ? childIds(record) : [record.id]
    await Promise.all(
      ids.map((id) =>
        this.#change(id, (current) => {
          return isBulk(current) || current.state !== 'unknown' ? undefined : revived(current)
        }),
      ),
    )
  }

  /** Itself and its parts, with all that may have to go before them. */
  #wayOf(record: MutationRecord): string[] {
    const inLanes = record.lanes.flatMap((lane) => this.#options.queue.records.lane(lane))
    return [record.id, ...childIds(record), ...inLanes.map(({ id }) => id)]
  }

  /** The mutation that this click is. */
  #find(anyId: string): MutationRecord | undefined {
    return this.#options.queue.records.get(this.#scope.views.resolve(anyId))
  }

  async #cancelOne(record: SingleRecord): Promise<CancelAnswer> {
    if (hasEnded(record)) return 'already-done'
    const { id } = record
    const { queue, clock } = this.#options
    const { changed } = await this.#change(id, (current) => {
      const isUntouched = current.state === 'queued' && attemptsOf(current) === 0 && !isAmbiguous(current)
      // Asked when it is decided: storage may have been left since the person asked, and what it holds be sent from there.
      if (!isUntouched || queue.mayBeElsewhere(id)) return undefined
      return ended(current, endingWithoutAnswer('cancelled', 'CANCELLED', clock.now()))
    })
    return changed ? 'cancelled' : this.#askServer(id)
  }

  async #askServer(id: string): Promise<CancelAnswer> {
    const { api, queue, clock } = this.#options
    const record = queue.records.get(id)
    if (record === undefined || isBulk(record) || hasEnded(record)) return 'already-done'
    const action = this.#options.findAction(record.action)
    // What stands could not be read.
    if (action === undefined) return 'unreachable'
    const answer = await api.request(resolveRequest(record, clock.now()))
    const now = clock.now()
    // The question counts as an attempt: it may be asked of a click that, as far as this tab knows, was never sent.
    const asking = { ...record, resolving: undefined, attempts: record.attempts + 1 }
    const { decision } = judge(asking, answer, { ...this.#options, action, now, othersSucceededAt: null, asked: 'cancel' })
    const { next } = decision
    if (next === 'wait') return 'already-done'
    if (next !== 'settle' && next !== 'unknown') return 'unreachable'
    const result = next === 'settle' ? decision.result : endingWithoutAnswer('unknown', 'OUTCOME_UNKNOWN', now)
    await this.#change(id, (current) => ended(current, result, next === 'unknown'))
    return result.outcome === 'cancelled' ? 'cancelled' : 'already-done'
  }

  #change(id: string, decide: (current: MutationRecord) => MutationRecord | undefined) {
    const { queue, clock, findAction } = this.#options
    const { parentId, action = '' } = queue.records.get(id) ?? {}
    return queue.run(change({ id, parentId }, decide, { now: clock.now(), combine: findAction(action)?.combine }))
  }
}

function ended(current: MutationRecord, result: MutationResult, dismissed = false): MutationRecord | undefined {
  return isBulk(current) || hasEnded(current) ? undefined : settled(current, { result, dismissed })
}
