import type { MutationRecord, Single } from '../mutation/MutationRecord.js'
import { claimsOf, resultOf } from '../mutation/mutationState.js'
import type { Clock } from '../ports/Clock.js'
import type { ClosureRecord, Telemetry, TelemetryEvent } from '../ports/Telemetry.js'
import type { Outcome } from '../retry/classifyOutcome.js'

const MOST_KEPT = 1_000

/** Follows each mutation of this tab through its loop and tells telemetry: click → stored → acknowledged → echoed. */
export class LoopTimes {
  readonly #clock: Clock
  readonly #telemetry: Telemetry
  readonly #open = new Map<string, ClosureRecord>()

  constructor(clock: Clock, telemetry: Telemetry) {
    this.#clock = clock
    this.#telemetry = telemetry
  }

  submitted(record: MutationRecord, joined: boolean): void {
    if (!joined) this.#open.set(record.id, blank(record.createdAt))
    // Echoes may never come (a row nobody watches); the oldest records give way.
    if (this.#open.size > MOST_KEPT) this.#open.delete(this.#open.keys().next().value!)
    this.#emit(record, { type: 'submitted', joined })
  }

  stored(record: MutationRecord, durability: 'disk' | 'memory'): void {
    this.#mark(record.id, 'storedAt')
    this.#emit(record, { type: 'stored', durability })
  }

  attempted(record: Single<'sending'>, outcome: Outcome, startedAt: number): void {
    this.#mark(record.id, 'firstAttemptAt', startedAt)
    const { kind, status } = outcome
    const code = 'code' in outcome ? outcome.code : null
    const durationMs = this.#clock.now() - startedAt
    this.#emit(record, { type: 'attempt', attempt: record.attempts, outcome: kind, status, code, durationMs })
  }

  settled(record: MutationRecord): void {
    const result = resultOf(record)
    if (result === undefined) return
    const isAcknowledged = result.outcome === 'success' || result.outcome === 'partial'
    if (isAcknowledged) {
      this.#mark(record.id, 'acknowledgedAt')
      this.#emit(record, { type: 'acknowledged', attempts: claimsOf(record), replayed: result.replayed })
    }
    const closure = { ...(this.#open.get(record.id) ?? blank(record.createdAt)) }
    this.#emit(record, { type: 'settled', outcome: result.outcome, code: result.code, closure })
    if (!isAcknowledged || closure.echoedAt !== null) this.#open.delete(record.id)
  }

  echoed(mutationId: string, action: string, source: 'realtime' | 'catch-up'): void {
    const closure = this.#open.get(mutationId)
    if (closure === undefined || closure.echoedAt !== null) return
    this.#mark(mutationId, 'echoedAt')
    this.#emit({ id: mutationId, action }, { type: 'echoed', source, closure: { ...closure } })
    if (closure.acknowledgedAt !== null) this.#open.delete(mutationId)
  }

  #mark(id: string, step: Exclude<keyof ClosureRecord, 'submittedAt'>, at = this.#clock.now()): void {
    const closure = this.#open.get(id)
    if (closure !== undefined) closure[step] ??= at
  }

  #emit(record: Pick<MutationRecord, 'id' | 'action'>, event: Body): void {
    this.#telemetry({ mutationId: record.id, action: record.action, at: this.#clock.now(), ...event } as TelemetryEvent)
  }
}

type Body = DistributiveOmit<Extract<TelemetryEvent, { mutationId: string }>, 'mutationId' | 'action' | 'at'>
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

function blank(submittedAt: number): ClosureRecord {
  return { submittedAt, storedAt: null, firstAttemptAt: null, acknowledgedAt: null, echoedAt: null }
}
