import type { Found, StoredAnswer } from './IdempotencyStore.js'

/**
 * A store may be anybody's. What it never says would be found out where nobody can answer for it any more.
 * @throws {TypeError} for what is no `Found`
 */
export function requireFound(found: Found): Found {
  if (!isFound(found as Partial<Found> | undefined)) throw new TypeError('The store: claim must give one of the kinds of Found, whole.')
  return found
}

function isFound(found: Partial<Found> | null | undefined): boolean {
  if (found?.kind === 'new' || found?.kind === 'damaged') return true
  if (found?.kind !== 'pending' && found?.kind !== 'answered' && found?.kind !== 'not-kept') return false
  if (typeof found.fingerprint !== 'string') return false
  return found.kind !== 'answered' || isAnswer(found.answer)
}

function isAnswer(answer: Partial<StoredAnswer> | undefined): boolean {
  const { status, headers, body } = answer ?? {}
  const hasBody = typeof body === 'string' || Buffer.isBuffer(body)
  return typeof status === 'number' && typeof headers === 'object' && headers !== null && hasBody
}
