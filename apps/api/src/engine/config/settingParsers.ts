import { isIP } from 'node:net'
import * as z from 'zod'

/** A whole number of a range. */
export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`)

export const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true')

/** A URL of one of these protocols. */
export const url = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (value) => URL.canParse(value) && protocols.includes(new URL(value).protocol),
      `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    )
    // Drivers decode name, password and path, and would throw at the first connection.
    .refine(isDecodable, 'holds a % that stands for no character: in a name or password write % as %25')

function isDecodable(value: string): boolean {
  try {
    return decodeURIComponent(value) !== ''
  } catch {
    return false
  }
}

/** "https://a.example,https://b.example" as exact origins; a path or a wildcard would never match, so it is refused. */
export const origins = z
  .string()
  .transform((value) => value.split(',').map((origin) => origin.trim()))
  .refine(
    (list) => list.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
    'must be exact origins separated by commas, for example https://app.example.com (no path, no wildcard)',
  )

/** Names of headers, separated by commas. `*` means nothing where cookies or tokens travel, so it is refused. */
export const headerNames = z
  .string()
  .transform((value) => value.split(',').map((name) => name.trim()))
  .refine(
    (names) => names.every((name) => /^[\w!#$%&'+.^`|~-]+$/.test(name)),
    'must be names of headers separated by commas, for example X-Team-Trace, X-Team-Id (no *)',
  )

/** A secret that nobody guesses. */
export const secret = (characters: number) => z.string().min(characters, `must have at least ${characters} characters`)

/** How many proxies stand in front (a number), or their addresses. `true` would let any client choose its address. */
export const trustProxy = z
  .string()
  .refine(
    (value) => value === 'false' || /^\d{1,2}$/.test(value) || value.split(',').every((entry) => isProxy(entry.trim())),
    'must be false, a number of proxies, or their addresses separated by commas (for example 10.0.0.0/8 or loopback)',
  )
  .transform((value) => (value === 'false' ? false : /^\d+$/.test(value) ? Number(value) : value.split(',').map((entry) => entry.trim())))

function isProxy(entry: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(entry)) return true
  const [address = '', prefix, ...more] = entry.split('/')
  const longest = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0
  if (longest === 0 || more.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) >= 1 && Number(prefix) <= longest)
}

/** Entries separated by commas. */
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
)
