import type { RequestHandler } from 'express'

export const UNKNOWN_PROXY =
  'a request came through a proxy, and TRUST_PROXY names none: everybody behind it counts as one address and shares its limit. Set TRUST_PROXY to the number of proxies in front; if there is none, somebody forged a header and nothing is to be done'

export interface UnknownProxyOptions {
  trustProxy: false | number | string[]
  /** Elsewhere nobody is harmed: a developer's own proxy is the only client. */
  production: boolean
  /** Told once. */
  onFound: () => void
}

/** Notices a proxy that nobody told us of. */
export function warnOfUnknownProxy({ trustProxy, production, onFound }: UnknownProxyOptions): RequestHandler {
  let isDue = production && trustProxy === false
  return ({ headers }, _res, next) => {
    if (isDue && (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined)) {
      isDue = false
      onFound()
    }
    next()
  }
}
