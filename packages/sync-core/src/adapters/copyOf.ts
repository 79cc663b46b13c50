/**
 * A copy as a browser's storage or channel would make it. Jest's jsdom has no `structuredClone`; what is kept and told is
 * JSON, so a copy through it does there.
 */
export function copyOf<Value>(value: Value): Value {
  if (typeof structuredClone === 'function') return structuredClone(value)
  return value === undefined ? value : JSON.parse(JSON.stringify(value))
}
