import type { RequestProblem } from '@org/contracts/client'
import type { MutationError } from '../SyncClient.js'

/** What `submit` throws: the click was refused before it became a mutation. Nothing was stored or sent. */
export class SyncError extends Error {
  override readonly name = 'SyncError'
  readonly code: MutationError['code']
  /** Of INVALID_REQUEST: which field breaks which rule, for words in another language. */
  readonly problem?: RequestProblem

  constructor(code: MutationError['code'], message: string, options: { cause?: unknown; problem?: RequestProblem } = {}) {
    super(message, options)
    this.code = code
    if (options.problem !== undefined) this.problem = options.problem
  }
}
