// Deeper bodies are no request of ours, and recursion over 64 KB of "[" would end the stack.
const MAX_DEPTH = 64

/**
 * JSON text that is the same for equal values, whatever the order of their keys.
 * @throws {RangeError} when `value` is nested deeper than 64 levels
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (depth === MAX_DEPTH) throw new RangeError(`canonicalJson: nested deeper than ${MAX_DEPTH} levels`)
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(',')}]`
  const record = value as Record<string, unknown>
  const members = Object.keys(record)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(record[key], depth + 1)}`)
  return `{${members.join(',')}}`
}
