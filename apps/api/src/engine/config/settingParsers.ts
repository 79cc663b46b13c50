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

/** "https://a.example,https://b.example" as exact origins; a path or a wildcard would never match, so it is refused. */
export const origins = z
  .string()
  .transform((value) => value.split(',').map((origin) => origin.trim()))
  .refine(
    (list) => list.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
    'must be exact origins separated by commas, for example https://app.example.com (no path, no wildcard)',
  )

/** How many proxies stand in front (a number), or their addresses. `true` would let any client choose its address. */
export const trustProxy = z
  .string()
  .regex(/^(false|\d{1,2}|[0-9a-fA-F.:/, ]+|loopback|linklocal|uniquelocal)$/, 'must be false, a number of proxies, or their addresses')
  .transform((value) => (value === 'false' ? false : /^\d+$/.test(value) ? Number(value) : value.split(',').map((entry) => entry.trim())))

/** Entries separated by commas. */
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
)
