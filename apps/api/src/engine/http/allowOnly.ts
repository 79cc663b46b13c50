import type { RequestHandler } from 'express'
import { Refusal } from './Refusal.js'

/** Refuses what the routes before it did not take, and names the methods they take: 405 with `Allow`. */
export function allowOnly(...methods: readonly string[]): RequestHandler {
  const allow = methods.join(', ')
  return () => {
    throw new Refusal('METHOD_NOT_ALLOWED', { headers: { Allow: allow } })
  }
}

/** For what can only be read; Express answers HEAD wherever there is a GET. */
export const onlyGet: RequestHandler = allowOnly('GET', 'HEAD')

export const onlyPost: RequestHandler = allowOnly('POST')
