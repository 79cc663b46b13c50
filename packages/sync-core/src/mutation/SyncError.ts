import type { MutationError } from '../SyncClient.js'

/** What `submit` throws: the click was refused before it became a mutation. Nothing was stored or sent. */
export class SyncError extends Error {
  override readonly name = 'SyncError'
  readonly code: MutationError['code']

  constructor(code: MutationError['code'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
