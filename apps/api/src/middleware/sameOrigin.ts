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
