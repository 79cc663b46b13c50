import type { Response } from 'express'

const REQUEST_ID = Symbol('requestId')

export function setRequestId(res: Response, requestId: string): void {
  ;(res.locals as Record<symbol, unknown>)[REQUEST_ID] = requestId
}

/** The id of this request in logs and in `X-Request-Id`. */
export function requestIdOf(res: Response): string {
  return ((res.locals as Record<symbol, unknown>)[REQUEST_ID] as string | undefined) ?? ''
}
