import { describeError, isError } from './describeError.js'

/** Names whose values never reach a log, wherever they stand and however they are written. */
const SECRET = new Set([
  ...['authorization', 'cookie', 'setcookie', 'token', 'accesstoken', 'refreshtoken', 'jwt', 'secret', 'password', 'signature'],
  ...['xtwiliosignature', 'apikey', 'key', 'idempotencykey', 'mutationkey'],
  ...['phone', 'phonenumber', 'to', 'from', 'message', 'body', 'text', 'actor', 'mutationactor', 'tenant', 'email'],
  ...['url', 'originalurl', 'path', 'query', 'params', 'headers'],
])
/** Numbers, tokens and passwords in addresses, as they look in the middle of a text. */
const LOOKS_SECRET = /\+\d{7,15}\b|\beyJ[\w-]+\.[\w-]+\.[\w-]*|\bBearer\s+[^\s"]+|(?<=:\/\/)[^\s/@]+@/gi
const NO_NAMES: ReadonlySet<string> = new Set()
const HELD_BACK = '[redacted]'
const MOST_LEVELS = 8

/**
 * A log line's fields with errors described and secrets held back, by name and by look. The second fence: whoever
 * writes a line leaves them out in the first place.
 */
export function withoutSecrets(fields: object): Record<string, unknown> {
  // Anything can be thrown, and what is no error has no part that is known to be harmless.
  const thrown = 'err' in fields && !isError(fields.err) ? { err: describeError(fields.err) } : {}
  return held({ ...fields, ...thrown }, SECRET, 0) as Record<string, unknown>
}

function held(value: unknown, names: ReadonlySet<string>, level: number): unknown {
  if (typeof value === 'string') return value.replace(LOOKS_SECRET, HELD_BACK)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (level === MOST_LEVELS) return HELD_BACK
  // A message that `describeError` lets pass is our own word.
  if (isError(value)) return held(describeError(value), NO_NAMES, level)
  if (Array.isArray(value)) return value.map((entry) => held(entry, names, level + 1))
  const isSecret = (name: string) => names.has(name.toLowerCase().replace(/[^a-z]/g, ''))
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, isSecret(name) ? HELD_BACK : held(entry, names, level + 1)]),
  )
}
