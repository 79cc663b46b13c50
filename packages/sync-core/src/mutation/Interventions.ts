import type { AnyAction } from '@org/contracts'
import type { ApiClient } from '../dispatch/ApiClient.js'
import { resolveRequest } from '../dispatch/mutationRequest.js'
import { readResolution } from '../dispatch/readResolution.js'
import type { Clock } from '../ports/Clock.js'
import { change } from '../queue/change.js'
import type { OfflineQueue } from '../queue/OfflineQueue.js'
import { childIds } from '../queue/parent.js'
import { classifyOutcome } from '../retry/classifyOutcome.js'
import type { MutationRecord, MutationResult } from './MutationRecord.js'
import { become } from './mutationState.js'

/** What stands after a person asked to take something back. */
export type CancelAnswer = 'cancelled' | 'already-done' | 'unreachable'

export interface InterventionsOptions {
  queue: OfflineQueue
  api: ApiClient
  clock: Clock
  requireKeyEcho: boolean
  findAction: (name: string) => AnyAction | undefined
}

/** What a person may do with a mutation. Only the server may say of an attempted one that it never happened. */
export class Interventions {
  readonly #options: InterventionsOptions

  constructor(options: InterventionsOptions) {
    this.#options = options
  }

  /** Takes a mutation back: at once when it was never attempted, else by asking the server. */
  async cancel(id: string): Promise<CancelAnswer> {
    const record = this.#options.queue.mirror.get(id)
    if (record === undefined) return 'already-done'
    if (record.children === undefined) return this.#cancelOne(record)
    const answers = await Promise.all(childIds(record).map((child) => this.cancel(child)))
    if (answers.includes('unreachable')) return 'unreachable'
    return answers.includes('already-done') ? 'already-done' : 'cancelled'
  }

  /** Gives up what waits for a person. A recorded refusal needs no question: it was never carried out. */
  async discard(id: string): Promise<CancelAnswer> {
    const record = this.#options.queue.mirror.get(id)
    if (record?.state !== 'dead') return this.cancel(id)
    await this.dismiss(id)
    return 'cancelled'
  }

  /** Takes an ended mutation off the screen, in all tabs; with a dead letter, a person has seen it. */
  async dismiss(id: string): Promise<void> {
    await this.#change(id, (current) => {
      if (current.dismissed && current.state !== 'dead') return undefined
      if (current.state === 'queued' || current.state === 'sending' || current.state === 'waiting') return undefined
      const state = current.state === 'dead' ? 'settled' : current.state
      return { ...current, state, dismissed: true, rev: current.rev + 1 }
    })
  }

  /** Lets what the server refused without recording it, or left open, be tried again with its own key. */
  async revive(record: MutationRecord): Promise<void> {
    const ids = record.children === undefined ? [record.id] : childIds(record)
    await Promise.all(
      ids.map((id) =>
        this.#change(id, (current) => {
          if (current.state !== 'blocked' && current.state !== 'unknown') return undefined
          const resolving = current.state === 'unknown' ? ('retry' as const) : undefined
          const strikes = { server: 0, noEcho: 0, since: 0 }
          return become(current, 'queued', { resolving, strikes, nextAttemptAt: null, notifiedAt: undefined, dismissed: undefined })
        }),
      ),
    )
  }

  async #cancelOne(record: MutationRecord): Promise<CancelAnswer> {
    if (record.state === 'settled' || record.state === 'dead') return 'already-done'
    const isKnown = !this.#options.queue.mayHaveStrays
    const { changed } = await this.#change(record.id, (current) => {
      const isUntouched = isKnown && current.state === 'queued' && current.attempts === 0 && !current.ambiguous
      return isUntouched ? this.#ended(current, 'cancelled', null) : undefined
    })
    return changed ? 'cancelled' : this.#askServer(record.id)
  }

  async #askServer(id: string): Promise<CancelAnswer> {
    const { api, queue, clock, requireKeyEcho } = this.#options
    const record = queue.mirror.get(id)
    if (record === undefined || record.state === 'settled') return 'already-done'
    const answer = await api.request(resolveRequest(record, clock.now()))
    const isAuthoritative = classifyOutcome(answer, { key: id, requireKeyEcho, now: clock.now() }).kind !== 'transport'
    const resolution = isAuthoritative ? readResolution(answer) : ({ kind: 'unanswered' } as const)
    switch (resolution.kind) {
      case 'abandoned':
        await this.#change(id, (current) => this.#ended(current, 'cancelled', null))
        return 'cancelled'
      case 'recorded': {
        const { outcome } = resolution
        const as = outcome.kind === 'success' || outcome.kind === 'partial' ? outcome.kind : 'rejected'
        await this.#change(id, (current) => this.#ended(current, as, outcome))
        return 'already-done'
      }
      case 'unknown':
        await this.#change(id, (current) => this.#ended(current, 'unknown', null))
        return 'already-done'
      case 'pending':
        return 'already-done'
      case 'unanswered':
        return 'unreachable'
      default:
        return resolution satisfies never
    }
  }

  #ended(current: MutationRecord, outcome: MutationResult['outcome'], answer: object | null): MutationRecord | undefined {
    if (current.state === 'settled') return undefined
    const { status = null, code = null, body = null } = (answer ?? {}) as Partial<MutationResult>
    const now = this.#options.clock.now()
    const result: MutationResult = {
      outcome,
      status,
      code: outcome === 'cancelled' ? 'CANCELLED' : outcome === 'unknown' ? 'OUTCOME_UNKNOWN' : code,
      body,
      replayed: answer !== null,
      at: now,
    }
    const dismissed = outcome === 'unknown' ? { dismissed: true } : {}
    return become(current, 'settled', { result, nextAttemptAt: null, resolving: undefined, ...dismissed })
  }

  #change(id: string, decide: (current: MutationRecord) => MutationRecord | undefined) {
    const { queue, clock, findAction } = this.#options
    const record = queue.mirror.get(id)
    if (record === undefined) return Promise.resolve({ changed: false, record: undefined })
    return queue.run(change(record, decide, { now: clock.now(), combine: findAction(record.action)?.combine }))
  }
}
