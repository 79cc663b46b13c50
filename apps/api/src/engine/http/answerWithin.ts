import type { RequestHandler } from 'express'
import { Refusal } from './Refusal.js'
import { sendRefusal } from './sendAnswer.js'

/**
 * Answers 503 when nothing else has within `limitMs`, so that no client waits for ever. What runs goes
 * on: the same key will find its outcome.
 */
export function answerWithin(limitMs: number): RequestHandler {
  return (_req, res, next) => {
    const timer = setTimeout(() => {
      if (res.headersSent || res.writableEnded) return
      sendRefusal(
        res,
        new Refusal('STORE_UNAVAILABLE', { error: 'This took too long to finish. It is safe to try again.', retryAfterMs: 1_000 }),
      )
    }, limitMs)
    timer.unref()
    res.once('close', () => clearTimeout(timer))
    next()
  }
}
