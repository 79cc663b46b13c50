import type { MutationError, MutationView } from '@org/sync-core'

/**
 * No ending was seen: the client was closed, or its user left. A stored click goes on at the next visit; one that was
 * given up in another tab, or kept in memory alone, does not. Whoever reads that it goes on sends nothing twice.
 */
const CLOSED: MutationError = {
  code: 'CLIENT_CLOSED',
  message: 'This page stopped looking before there was an outcome. Look at the record before you click again.',
  willRetry: true,
}

/** What `mutateAsync` rejects with: an `Error` with everything that `onError` is told. Decide by `code` and `mutation.phase`. */
export class MutationFailure extends Error implements MutationError {
  override readonly name = 'MutationFailure'
  declare readonly code: MutationError['code']
  declare readonly willRetry: boolean
  declare readonly status?: NonNullable<MutationError['status']>
  declare readonly problem?: NonNullable<MutationError['problem']>
  declare readonly row?: NonNullable<MutationError['row']>
  declare readonly updated?: number
  declare readonly failed?: number
  declare readonly unchanged?: number
  declare readonly cancelled?: number
  declare readonly failures?: NonNullable<MutationError['failures']>
  /** Where it stands: `error` and `conflict` are known not to have taken effect, `unknown` is not known. Undefined: the click was refused at once. */
  readonly mutation: MutationView | undefined

  /** @param error why; left out: the client was closed before there was an outcome */
  constructor(error: MutationError = CLOSED, mutation?: MutationView) {
    super(error.message)
    Object.assign(this, error)
    this.mutation = mutation
  }
}
