import { sameRequest } from './sameRequest.js'

/**
 * A copy of what was clicked for: the caller's own may change before it is sent. It is kept and sent as JSON, so what would
 * be something else afterwards (a date, a Map, NaN) is no request: the server would be asked for what nobody clicked.
 * @throws {TypeError} when it is not an object of JSON values
 */
export function jsonCopy(action: string, request: unknown): object {
  try {
    const copy: unknown = JSON.parse(JSON.stringify(request))
    if (copy instanceof Object && !Array.isArray(copy) && sameRequest(copy, request)) return copy
  } catch {
    // A BigInt, a circle, or nothing at all.
  }
  throw new TypeError(`${action}: the request is not the same after JSON. Give an object, with dates and big numbers as text.`)
}
