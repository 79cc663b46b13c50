const UNSTORABLE = /\0|\p{Surrogate}/u

/**
 * Whether every text in a JSON value can be kept as Postgres text, names of properties too: without NUL and half surrogate
 * pairs. The fingerprint has bounded how deep it goes.
 */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !UNSTORABLE.test(value)
  if (Array.isArray(value)) return value.every(isStorable)
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([name, inner]) => isStorable(name) && isStorable(inner))
}
