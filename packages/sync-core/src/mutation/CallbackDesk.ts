import type { MutationCallbacks, MutationView } from '../SyncClient.js'
import { describeError, type Report } from '../store/report.js'

/** Who wants to be told about which mutation. Whether anyone may be told is decided in the queue, by compare-and-set. */
export class CallbackDesk {
  readonly #waiting = new Map<string, Set<MutationCallbacks>>()
  readonly #report: Report

  constructor(report: Report) {
    this.#report = report
  }

  /** Returns an idempotent withdrawal. */
  add(id: string, callbacks: MutationCallbacks | undefined): () => void {
    if (callbacks === undefined) return () => {}
    const waiting = this.#waiting.get(id) ?? new Set()
    waiting.add(callbacks)
    this.#waiting.set(id, waiting)
    return () => {
      waiting.delete(callbacks)
      if (waiting.size === 0 && this.#waiting.get(id) === waiting) this.#waiting.delete(id)
    }
  }

  /** The click turned out to be another mutation. */
  move(from: string, to: string): void {
    for (const callbacks of this.#waiting.get(from) ?? []) this.add(to, callbacks)
    this.#waiting.delete(from)
  }

  has(id: string): boolean {
    return this.#waiting.has(id)
  }

  ids(): Iterable<string> {
    return this.#waiting.keys()
  }

  /** Tells the ending, and forgets the callbacks. A cancelled mutation is neither success nor error. */
  tellEnd(id: string, view: MutationView): void {
    const waiting = [...(this.#waiting.get(id) ?? [])]
    this.#waiting.delete(id)
    for (const { onSuccess, onError, onSettled } of waiting) {
      if (view.phase === 'success') this.#call(() => onSuccess?.(view.data, view))
      else if (view.error !== undefined && view.error.code !== 'CANCELLED') this.#call(() => onError?.(view.error!, view))
      this.#call(() => onSettled?.(view))
    }
  }

  /** Tells that the server's circuit breaker is open and the queue goes on by itself. */
  tellCircuit(id: string, view: MutationView): void {
    const { error } = view
    if (error === undefined) return
    for (const { onError } of this.#waiting.get(id) ?? []) this.#call(() => onError?.({ ...error, willRetry: true }, view))
  }

  #call(callback: () => void): void {
    try {
      callback()
    } catch (error) {
      this.#report('CALLBACK_THREW', `A callback threw; the mutation itself is not affected. ${describeError(error)}`)
    }
  }
}
