import type { Draft } from './Draft.js'

/** One read-decide-write step on the queue's storage. Several share a transaction, so `apply` never waits. */
export interface Operation<Result> {
  /** Flush to disk before it counts as done. */
  readonly strict?: boolean
  readonly apply: (draft: Draft) => Result
}
