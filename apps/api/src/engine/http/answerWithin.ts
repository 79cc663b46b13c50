import type { RequestHandler } from 'express'
import { Refusal } from './Refusal.js'
import { replyOf } from './Reply.js'
import { sendRefusal } from './sendAnswer.js'

/** What is told when the answer takes too long. What runs goes on, and the same key will find its outcome. */
export const tookTooLong = () =>
  new Refusal('STORE_UNAVAILABLE', { error: 'This took too long to finish. It is safe to try again.', retryAfterMs: 1_000 })

/** For what has no body to wait for: answers 503 when nothing else has within `limitMs`, so that no client waits for ever. */
export function answerWithin(limitMs: number): RequestHandler {
  return (_req, res, next) => {
    const timer = setTimeout(() => {
      if (!replyOf(res).isGiven) sendRefusal(res, tookTooLong())
    }, limitMs)
    timer.unref()
    res.once('close', () => clearTimeout(timer))
    next()
  }
}
