import { timingSafeEqual } from 'node:crypto'
import { Router } from 'express'
import type { Registry } from 'prom-client'
import { onlyGet } from '../http/allowOnly.js'
import { Refusal } from '../http/Refusal.js'
import { replyOf } from '../http/Reply.js'

/** GET /metrics for Prometheus; with `token`, only for whoever bears it. */
export function metricsRouter({ registry, token }: { registry: Registry; token: string | null }): Router {
  const router = Router()
  router.get('/metrics', async (req, res) => {
    if (token !== null && !isBearer(req.headers.authorization, token)) throw new Refusal('UNAUTHENTICATED')
    const body = await registry.metrics()
    replyOf(res).give({ status: 200, body, headers: { 'Content-Type': registry.contentType } })
  })
  router.all('/metrics', onlyGet)
  return router
}

function isBearer(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '')
  const expected = Buffer.from(`Bearer ${token}`)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
