import { ALLOWED_HEADERS, EXPOSED_HEADERS } from '@org/contracts'
import cors from 'cors'
import type { RequestHandler } from 'express'

const PREFLIGHT_SECONDS = 600

/**
 * Lets exactly the listed origins read answers, with cookies. Others get no CORS header at all.
 * @param allowedHeaders those a team's pages send beside ours
 */
export function corsFor(origins: readonly string[], allowedHeaders: readonly string[]): RequestHandler {
  const listed = cors({
    origin: [...origins],
    credentials: true,
    methods: ['GET', 'POST'],
    allowedHeaders: [...ALLOWED_HEADERS, ...allowedHeaders],
    exposedHeaders: [...EXPOSED_HEADERS],
    maxAge: PREFLIGHT_SECONDS,
  })
  return (req, res, next) => {
    res.vary('Origin')
    if (req.headers.origin === undefined || !origins.includes(req.headers.origin)) return next()
    listed(req, res, next)
  }
}
