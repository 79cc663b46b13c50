import { sameRequest } from './sameRequest.js'

/**
 * A copy of what was clicked for: the caller's own may change before it is sent. It is kept and sent as JSON, so what would
 * be something else afterwards (a date, a Map, NaN) is no request: the server would be asked for what nobody clicked.
 * @throws {TypeError} when it is not an object of JSON values
 */
export function jsonCopy(action: string, request: unknown): Readonly<Record<string, unknown>> {
  const copy = throughJson(request)
  if (typeof copy === 'object' && copy !== null && !Array.isArray(copy) && sameRequest(copy, request)) return copy as never
  throw new TypeError(
    `${action}: a request is an object that is the same after JSON, and this one is not. Write dates, decimals, big numbers and URLs as text, and lists as a property.`,
  )
}

function throughJson(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value))
  } catch {
    // A BigInt, a circle, or nothing at all.
    return undefined
  }
}
