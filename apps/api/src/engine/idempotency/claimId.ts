import type { Scope } from './IdempotencyOptions.js'

/**
 * Scope and key in one text. Length prefixes: a part that looks like the end of another must not open another scope.
 * @throws {TypeError} when a part of the scope is missing
 */
export function claimId(scope: Scope, key: string): string {
  const parts = Array.isArray(scope) ? (scope as readonly unknown[]) : [scope]
  if (parts.length === 0) throw new TypeError(missing('an empty list'))
  let text = ''
  for (const part of parts) text += prefixed(part)
  return text + key
}

function prefixed(part: unknown): string {
  if (typeof part !== 'string' && typeof part !== 'number' && typeof part !== 'bigint') throw new TypeError(missing(String(part)))
  const text = String(part)
  if (text === '' || text === 'NaN') throw new TypeError(missing(text === '' ? 'an empty text' : text))
  return `${text.length}:${text}`
}

function missing(what: string): string {
  return `idempotency(): scope said ${what}, so nobody knows whose key this is, and one person could get another’s answer. Sign people in before idempotency(), or name a scope of everybody's by a word.`
}
