import type { Request } from 'express'

/** What a browser says about where a request comes from. */
export interface OriginHeaders {
  /** `Sec-Fetch-Site`; browsers set it, pages cannot. */
  fetchSite: string | undefined
  origin: string | undefined
  host: string | undefined
}

export interface TrustedOrigins {
  /** Where this API is reached, when configured. */
  publicUrl: string | null
  corsOrigins: readonly string[]
}

const READS = new Set(['GET', 'HEAD'])

/** Whether this request may change something. */
export function isWrite(req: Request): boolean {
  return !READS.has(req.method)
}

/** What the browser says about where this request comes from. */
export function originHeaders(req: Request): OriginHeaders {
  return { fetchSite: req.get('sec-fetch-site'), origin: req.headers.origin, host: req.headers.host }
}

/**
 * Whether a write may use credentials that the browser attached by itself: only from this very origin
 * or from one that is listed. A request that says nothing about its origin is refused.
 */
export function isTrustedOrigin({ fetchSite, origin, host }: OriginHeaders, { publicUrl, corsOrigins }: TrustedOrigins): boolean {
  if (origin !== undefined && corsOrigins.includes(origin)) return true
  if (fetchSite !== undefined) return fetchSite === 'same-origin'
  if (origin === undefined || !URL.canParse(origin)) return false
  if (publicUrl !== null && origin === new URL(publicUrl).origin) return true
  return new URL(origin).host === host
}
