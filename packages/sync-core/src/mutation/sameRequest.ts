/** True when two requests are the same JSON, whatever the order of their fields. */
export function sameRequest(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (kindOf(left) !== kindOf(right)) return false
  const keys = definedKeys(left)
  if (keys.length !== definedKeys(right).length) return false
  return keys.every((key) => sameRequest((left as Fields)[key], (right as Fields)[key]))
}

type Fields = Record<string, unknown>

// A list, a Map or a date without fields of its own is no empty object.
function kindOf(value: object): string {
  return Object.prototype.toString.call(value)
}

// JSON drops undefined fields, so `{a: undefined}` and `{}` are the same request.
function definedKeys(value: object): string[] {
  return Object.keys(value).filter((key) => (value as Fields)[key] !== undefined)
}
