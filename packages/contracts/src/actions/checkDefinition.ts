import type { ErrorCodeEntry } from '../errorCodes.js'

/** What there is to be wrong about an action that is being defined. */
export interface CheckedDefinition {
  readonly name: string
  readonly ttlMs: number
  readonly path: string
  readonly errorCodes?: Readonly<Record<string, ErrorCodeEntry>> | undefined
}

/** @throws {RangeError} when `ttlMs` is not above 0, `path` does not start with "/", or an own code is no refusal */
export function checkDefinition({ name, ttlMs, path, errorCodes = {} }: CheckedDefinition): void {
  if (!(ttlMs > 0)) throw new RangeError(`defineAction(${name}): ttlMs must be above 0, received ${ttlMs}`)
  if (!path.startsWith('/')) throw new RangeError(`defineAction(${name}): path must start with "/", received ${path}`)
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
