import type { Request } from 'express'

/** A request's pattern, never its address: that can hold a key, and every id would be a new time series. */
export function routeOf(req: Request): string {
  const path: unknown = req.route?.path
  return typeof path === 'string' ? path : 'none'
}
