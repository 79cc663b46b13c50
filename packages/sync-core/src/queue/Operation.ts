import type { Draft } from './Draft.js'

/** What an operation will look at, to be read in one go. */
export interface Reads {
  ids?: readonly string[]
  lanes?: readonly string[]
}

/** One read-decide-write step on the queue's storage. Several share a transaction, so `apply` never waits. */
export interface Operation<Result> {
  /** Flush to disk before it counts as done. */
  readonly strict?: boolean
  /** A hint: whatever else `apply` asks for is loaded one by one, and `apply` begun again. */
  readonly reads: Reads
  readonly apply: (draft: Draft) => Result
}
