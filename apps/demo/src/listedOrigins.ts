import type { RequestHandler } from 'express'
import { namesLoopback } from './loopbackOnly.js'

/** Whether a page of this origin runs on this machine. A listed page elsewhere may use the API, but signs in by itself. Pure. */
export function isLoopbackOrigin(origin: string): boolean {
  return URL.canParse(origin) && namesLoopback(new URL(origin).host)
}

/** Lets pages of these origins use the stand-ins, as the API lets them use the API: another app on this machine. */
export function listedOrigins(origins: readonly string[]): RequestHandler {
  return (request, response, next) => {
    response.vary('Origin')
    const { origin } = request.headers
    if (origin === undefined || !origins.includes(origin)) return next()
    response.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true' })
    if (request.method !== 'OPTIONS') return next()
    response.set({ 'Access-Control-Allow-Methods': 'GET,POST,PUT,DELETE', 'Access-Control-Allow-Headers': 'content-type' })
    response.status(204).end()
  }
}
