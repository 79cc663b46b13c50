import type { Request, RequestHandler } from 'express'

const unknownProxy = (where: string, todo: string) =>
  `a request came through a proxy, and ${where} names none: everybody behind it counts as one address and shares its limit. ${todo}; if there is none, somebody forged a header and nothing is to be done`

export const UNKNOWN_PROXY = unknownProxy('TRUST_PROXY', 'Set TRUST_PROXY to the number of proxies in front')
export const UNKNOWN_PROXY_OF_APP = unknownProxy(
  "the app's setting `trust proxy`",
  "Say app.set('trust proxy', 1) with the number of proxies in front",
)

export interface UnknownProxyOptions {
  /** Whether somebody named the proxies in front. */
  isNamed: (req: Request) => boolean
  /** Elsewhere nobody is harmed: a developer's own proxy is the only client. */
  production: boolean
  /** Told once. */
  onFound: () => void
}

/** Notices a proxy that nobody told us of. */
export function warnOfUnknownProxy({ isNamed, production, onFound }: UnknownProxyOptions): RequestHandler {
  let isDue = production
  return (req, _res, next) => {
    const { headers } = req
    if (isDue && (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) && !isNamed(req)) {
      isDue = false
      onFound()
    }
    next()
  }
}
