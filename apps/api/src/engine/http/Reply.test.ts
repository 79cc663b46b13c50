import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import express, { type RequestHandler } from 'express'
import request from 'supertest'
import { errorAnswer } from './errorAnswer.js'
import { Refusal } from './Refusal.js'
import { ownReplies, replyOf } from './Reply.js'
import { sendRefusal, sendText } from './sendAnswer.js'

/** What one request to `handler` is told, and how many answers came too late. */
async function ask(handler: RequestHandler) {
  let late = 0
  const app = express()
  app.use(ownReplies(() => (late += 1)))
  app.get('/', handler)
  app.use(errorAnswer({ onInternalError: () => undefined }))
  const answer = await request(app).get('/')
  return { answer, late: () => late }
}

const success = { status: 200, body: '{"success":true}' }

describe('a response', () => {
  it('is the first answer whole, whoever comes later with another', async () => {
    const { answer, late } = await ask((_req, res) => {
      sendText(res, success, { 'X-Of': 'success' })
      sendRefusal(res, new Refusal('STORE_UNAVAILABLE', { retryAfterMs: 1_000 }))
    })
    expect([answer.status, answer.text, answer.headers['x-of'], answer.headers['retry-after']]).toEqual([
      200,
      success.body,
      'success',
      undefined,
    ])
    expect(late()).toBe(1)
  })

  it('keeps nothing of a success that comes after a refusal', async () => {
    const { answer, late } = await ask((_req, res) => {
      sendRefusal(res, new Refusal('STORE_UNAVAILABLE', { retryAfterMs: 1_000 }))
      sendText(res, success, { 'Idempotency-Outcome': 'recorded' })
    })
    expect([answer.status, answer.body.code, answer.headers['idempotency-outcome']]).toEqual([503, 'STORE_UNAVAILABLE', undefined])
    expect(late()).toBe(1)
  })

  it('is not cut by an error that follows it', async () => {
    const { answer, late } = await ask((_req, res) => {
      sendText(res, success)
      throw new Error('after the answer')
    })
    expect([answer.status, answer.text]).toEqual([200, success.body])
    expect(late()).toBe(1)
  })

  it('is not kept for ever for a client that does not read it', async () => {
    const app = express()
    const closed = new Promise<void>((resolve) => {
      app.use(
        ownReplies(() => undefined, { silenceMs: 50 }),
        (_req, res) => {
          res.once('close', () => resolve())
          // More than the buffers between two sockets hold.
          sendText(res, { status: 200, body: 'x'.repeat(50_000_000) })
        },
      )
    })
    const server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1', () => client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))
    client.pause()
    await closed
    expect(client.bytesRead).toBeLessThan(50_000_000)
    client.destroy()
    await new Promise((resolve) => server.close(resolve))
  })

  it('reaches a client that reads slowly, and the connection serves on', async () => {
    const app = express()
    app.use(
      ownReplies(() => undefined, { silenceMs: 1_000 }),
      (req, res) => sendText(res, { status: 200, body: req.url === '/long' ? 'x'.repeat(20_000_000) : 'short' }),
    )
    const server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const port = (server.address() as AddressInfo).port
    const lengths: number[] = []
    for (const path of ['/long', '/short']) {
      const [response] = (await once(get({ port, path, agent }), 'response')) as [IncomingMessage]
      let length = 0
      for await (const chunk of response) length += (chunk as Buffer).length
      lengths.push(length)
    }
    expect(lengths).toEqual([20_000_000, 5])
    agent.destroy()
    await new Promise((resolve) => server.close(resolve))
  })

  it('may be kept by no cache', async () => {
    const { answer } = await ask((_req, res) => sendText(res, success))
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it('counts nothing late when it is given once', async () => {
    const { late } = await ask((_req, res) => replyOf(res).give({ status: 204, body: '' }))
    expect(late()).toBe(0)
  })
})
