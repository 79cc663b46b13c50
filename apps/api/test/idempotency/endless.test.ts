import { request as httpRequest } from 'node:http'
import { PassThrough } from 'node:stream'
import { describe, expect, it, jest } from '@jest/globals'
import type { RequestHandler } from 'express'
import { MemoryStore } from '../../src/engine/idempotency/index.js'
import { until } from '../support/until.js'
import { aShop, click, EXPRESSES, gate, KEY, listening, type ShopOptions, sent } from './shop.js'

describe.each(EXPRESSES)('one key in %s', (_name, express) => {
  const shop = (handler: RequestHandler, options: ShopOptions = {}) => aShop(handler, { express, ...options })

  describe('whose answer never ended', () => {
    const quick = { waitMs: 20, leaseMs: 300, graceMs: 50 }

    it.each<[string, RequestHandler]>([
      ['because the handler destroyed it', (_req, res) => void res.destroy()],
      [
        'because it was cut half way',
        (_req, res) => {
          res.write('half')
          setImmediate(() => res.destroy(new Error('lost')))
        },
      ],
      ['because its source broke', (_req, res) => void new PassThrough().pipe(res).destroy()],
    ])('%s is in progress for a while, and then unknown', async (_what, handler) => {
      const run = jest.fn(handler)
      const store = new MemoryStore()
      const it = shop(run, { ...quick, store })
      await sent(click(it).timeout(200)).catch(() => undefined)
      const second = await click(it)
      expect([second.status, second.body.code]).toEqual([409, 'IDEMPOTENCY_IN_PROGRESS'])
      await until(async () => (await click(it)).body.code === 'OUTCOME_UNKNOWN', 5_000)
      expect((await click(it)).body.retryable).toBe(false)
      expect(run).toHaveBeenCalledTimes(1)
    })

    it('because its client left is replayed once the handler finished all the same', async () => {
      const { open, opened } = gate()
      const started = gate()
      const run = jest.fn<RequestHandler>(async (_req, res) => {
        started.open()
        await opened
        res.status(201).json({ made: 1 })
      })
      const it = shop(run)
      const server = await listening(it.app)
      const leaving = httpRequest({ port: server.port, path: '/do', method: 'POST', headers: { 'idempotency-key': KEY, user: 'ana' } })
      leaving.on('error', () => undefined).end()
      await started.opened
      leaving.destroy()
      const second = fetch(`http://127.0.0.1:${server.port}/do`, { method: 'POST', headers: { 'idempotency-key': KEY, user: 'ana' } })
      await until(() => run.mock.calls[0]?.[1].closed === true)
      open()
      expect([(await second).status, await (await second).json()]).toEqual([201, { made: 1 }])
      expect(run).toHaveBeenCalledTimes(1)
      server.close()
    })

    it('because its client left a long download is never sent again', async () => {
      const run = jest.fn<RequestHandler>((_req, res) => {
        const source = new PassThrough()
        source.write(Buffer.alloc(1_000_000))
        source.pipe(res)
      })
      const it = shop(run, quick)
      const server = await listening(it.app)
      await new Promise<void>((resolve) => {
        const leaving = httpRequest({ port: server.port, path: '/do', method: 'POST', headers: { 'idempotency-key': KEY, user: 'ana' } })
        leaving.on('response', (answer) => answer.once('data', () => leaving.destroy()))
        leaving.on('error', () => undefined).on('close', resolve)
        leaving.end()
      })
      const again = () => fetch(`http://127.0.0.1:${server.port}/do`, { method: 'POST', headers: { 'idempotency-key': KEY, user: 'ana' } })
      expect((await again()).status).toBe(409)
      await until(async () => ((await (await again()).json()) as { code: string }).code === 'OUTCOME_UNKNOWN', 5_000)
      expect(run).toHaveBeenCalledTimes(1)
      server.close()
    })
  })
})
