import type { ErrorBody } from '@org/contracts'
import type { Meaning } from './meaningOf.js'

/**
 * The body of a refusal. Of its own fields those `given` beside the code may replace `error` alone, and only by a text. The same rule as
 * `sync.refusal_body`.
 */
export function refusalBody({ code, retryable, text }: Meaning, given?: unknown): ErrorBody {
  const extra: Readonly<Record<string, unknown>> = isFields(given) ? given : {}
  const own = { success: false as const, error: typeof extra.error === 'string' ? extra.error : text, code, retryable }
  // Its own twice: first for the order in which they are read, last because they stand.
  return Object.assign({ ...own }, extra, own)
}

function isFields(given: unknown): given is Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null && !Array.isArray(given)
}
