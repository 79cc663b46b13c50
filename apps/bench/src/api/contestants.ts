import { Idempotency as NodeIdempotency } from '@node-idempotency/core'
import { MemoryStorageAdapter } from '@node-idempotency/storage-adapter-memory'
import { RedisStorageAdapter } from '@node-idempotency/storage-adapter-redis'
import { connectRedis, type IdempotencyStore, idempotency, MemoryStore, RedisStore } from '@org/api/idempotency'
import type { RequestHandler } from 'express'
import * as expressIdempotency from 'express-idempotency'

/**
 * Who is measured, each as a team would put it in front of one Express route. They do not do the same: node-idempotency hashes
 * the body, guards a key at work, keeps status and body for the same time, and no header; its keys are everybody's. Ours also
 * echoes the key, keeps the headers, tells persons apart by `scope`, keeps its claim alive, and bounds what memory holds.
 */
export const CONTESTANTS = [
  'ours, memory',
  'node-idempotency, memory',
  'express-idempotency, memory',
  'ours, Redis',
  'node-idempotency, Redis',
] as const

/**
 * What the measure itself makes of routes without a guard. `bare` is what all others are measured by, a second one shows how
 * still that stands. One that only waits for `setImmediate` costs less than it: whoever makes requests wait, as each store
 * behind a network does, has them carried out together. So a row of Redis is to be read beside the other one.
 */
export const CONTROLS = ['bare', 'bare again', 'bare, gathered'] as const
export type Contestant = (typeof CONTESTANTS)[number] | (typeof CONTROLS)[number]

const WINDOW_MS = 60_000
const ENTRIES = 1_000_000
const BYTES = 2 ** 40

/** The middlewares of a contestant. */
export async function middlewaresOf(contestant: Contestant, redisUrl: string): Promise<RequestHandler[]> {
  switch (contestant) {
    case 'bare':
    case 'bare again':
      return []
    case 'bare, gathered':
      return [(_req, _res, next) => void setImmediate(next)]
    case 'ours, memory':
      return [ours(new MemoryStore({ maxEntries: ENTRIES, maxBytes: BYTES }))]
    case 'ours, Redis':
      return [ours(await ourRedis(redisUrl))]
    case 'node-idempotency, memory':
      return [nodeIdempotency(new NodeIdempotency(new MemoryStorageAdapter(), { cacheTTLMS: WINDOW_MS }))]
    case 'node-idempotency, Redis': {
      const storage = new RedisStorageAdapter({ url: redisUrl })
      await storage.connect()
      return [nodeIdempotency(new NodeIdempotency(storage, { cacheTTLMS: WINDOW_MS }))]
    }
    case 'express-idempotency, memory':
      return [expressIdempotency.idempotency(), skipHits]
  }
}

function ours(store: IdempotencyStore): RequestHandler {
  return idempotency({ store, scope: () => ['org-1', 'user-456'], windowMs: WINDOW_MS })
}

async function ourRedis(url: string): Promise<IdempotencyStore> {
  const redis = connectRedis({ url, onError: (error) => console.error(error) })
  while (!redis.isUp) await new Promise((resolve) => setTimeout(resolve, 5))
  return new RedisStore(redis)
}

/** It has no adapter for Express: these are the lines its fastify plugin amounts to. */
function nodeIdempotency(idempotency: NodeIdempotency): RequestHandler {
  return async (req, res, next) => {
    const params = { headers: req.headers, path: req.path, body: req.body, method: req.method }
    const stored = await idempotency.onRequest<unknown, unknown>(params)
    if (stored !== undefined) {
      res.status(Number(stored.additional?.status)).json(stored.body)
      return
    }
    const json = res.json.bind(res)
    res.json = (body) => {
      void idempotency.onResponse(params, { body, additional: { status: res.statusCode } }).then(() => json(body))
      return res
    }
    next()
  }
}

const skipHits: RequestHandler = (req, _res, next) => {
  if (!expressIdempotency.getSharedIdempotencyService().isHit(req)) next()
}
