/**
 * True when two requests say the same. Key order does not matter, order in arrays does.
 * Pure; both must be JSON values.
 */
export function sameRequest(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) !== Array.isArray(right)) return false
  const leftFields = definedFields(left)
  const rightFields = definedFields(right)
  if (leftFields.length !== rightFields.length) return false
  return leftFields.every(([name, value]) => Object.hasOwn(right, name) && sameRequest(value, (right as Record<string, unknown>)[name]))
}

// An absent field and an undefined one are the same on the wire.
function definedFields(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, field]) => field !== undefined)
}
