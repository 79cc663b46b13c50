import type { ErrorCodeEntry } from '../errorCodes.js'

/** What there is to be wrong about an action that is being defined. */
export interface CheckedDefinition {
  readonly name: string
  readonly ttlMs: number
  readonly path: string
  readonly errorCodes?: Readonly<Record<string, ErrorCodeEntry>> | undefined
}

/** @throws {RangeError} when the name, `ttlMs` or `path` is none, or an own code is no refusal */
export function checkDefinition({ name, ttlMs, path, errorCodes = {} }: CheckedDefinition): void {
  const complain = (what: string) => new RangeError(`defineAction(${name}): ${what}`)
  if (!/^[\w.-]{1,100}$/.test(name)) throw complain('its name must be 1 to 100 letters, digits, ".", "_" or "-"')
  if (!(ttlMs > 0 && Number.isFinite(ttlMs))) throw complain(`ttlMs must be above 0 and finite, received ${ttlMs}`)
  // Behind a "?" it would be no path for a server, and each click a 404.
  if (!/^\/[^\s?#]*$/.test(path)) throw complain(`path must start with "/" and have no "?", "#" or space, received ${path}`)
  for (const [code, entry] of Object.entries(errorCodes)) checkCode(code, entry, complain)
}

/** What a client takes for "come again", whatever the body says. */
const COME_AGAIN = [401, 408, 425, 429]

function checkCode(code: string, { status, text, retryable }: ErrorCodeEntry, complain: (what: string) => RangeError): void {
  if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(code)) throw complain(`a code is capital letters, digits and "_", received "${code}"`)
  if (!(Number.isInteger(status) && status >= 400 && status < 500))
    throw complain(`${code} needs a status of 400 to 499, received ${status}`)
  if (!retryable && COME_AGAIN.includes(status))
    throw complain(`${code} says no for good, and clients take ${status} for "come again"; take another status`)
  if (text.trim() === '') throw complain(`${code} needs a text that tells a person what happened`)
}
