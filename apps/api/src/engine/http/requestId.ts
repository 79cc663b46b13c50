import type { Response } from 'express'

interface Locals {
  requestId?: string
}

export function setRequestId(res: Response, requestId: string): void {
  ;(res.locals as Locals).requestId = requestId
}

/** The id of this request in logs and in `X-Request-Id`. */
export function requestIdOf(res: Response): string {
  return (res.locals as Locals).requestId ?? ''
}
