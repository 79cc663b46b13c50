import { createHash, timingSafeEqual } from 'node:crypto'
import { Router } from 'express'
import type { Registry } from 'prom-client'
import { onlyGet } from '../http/allowOnly.js'
import { Refusal } from '../http/Refusal.js'
import { replyOf } from '../http/Reply.js'

/** GET /metrics for Prometheus; with `token`, only for whoever bears it. */
export function metricsRouter({ registry, token }: { registry: Registry; token: string | null }): Router {
  const router = Router()
  router.get('/metrics', async (req, res) => {
    if (token !== null && !bears(req.headers.authorization, token)) throw new Refusal('UNAUTHENTICATED')
    const body = await registry.metrics()
    replyOf(res).give({ status: 200, body, headers: { 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' } })
  })
  router.all('/metrics', onlyGet)
  return router
}

// Hashes are of one length, so that the time it takes tells neither the token nor how long it is.
function bears(header: string | undefined, token: string): boolean {
  const given = /^Bearer +(.*)$/i.exec(header ?? '')?.[1] ?? ''
  return timingSafeEqual(digest(given), digest(token))
}

const digest = (text: string) => createHash('sha256').update(text).digest()
