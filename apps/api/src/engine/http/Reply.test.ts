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

  it('may be kept by no cache', async () => {
    const { answer } = await ask((_req, res) => sendText(res, success))
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it('counts nothing late when it is given once', async () => {
    const { late } = await ask((_req, res) => replyOf(res).give({ status: 204, body: '' }))
    expect(late()).toBe(0)
  })
})
