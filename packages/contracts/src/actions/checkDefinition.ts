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
  if (!/^[A-Za-z][\w.-]{0,99}$/.test(name))
    throw new RangeError(`defineAction: a name is a letter, then letters, digits, ".", "_" and "-", 100 at most; received "${name}"`)
  if (!(ttlMs > 0 && Number.isFinite(ttlMs)))
    throw new RangeError(`defineAction(${name}): ttlMs must be a number of milliseconds above 0, received ${ttlMs}`)
  // Behind a "?" it would be no path for a server, and each click a 404.
  if (!/^\/[^\s?#]*$/.test(path))
    throw new RangeError(`defineAction(${name}): path must start with "/" and have no "?", "#" or space, received ${path}`)
  for (const [code, entry] of Object.entries(errorCodes)) checkCode(name, code, entry)
}

/** What a client takes for "come again", whatever the body says. */
const COME_AGAIN = [401, 408, 425, 429]

function checkCode(action: string, code: string, { status, text, retryable }: ErrorCodeEntry): void {
  const complain = (what: string) => new RangeError(`defineAction(${action}): ${what}`)
  if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(code)) throw complain(`a code is capital letters, digits and "_", received "${code}"`)
  if (!(Number.isInteger(status) && status >= 400 && status < 500))
    throw complain(`${code} needs a status of 400 to 499, received ${status}`)
  if (!retryable && COME_AGAIN.includes(status))
    throw complain(`${code} says no for good, and clients take ${status} for "come again"; take another status`)
  if (text.trim() === '') throw complain(`${code} needs a text that tells a person what happened`)
}
