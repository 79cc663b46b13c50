import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, it, jest } from '@jest/globals'
import express, { type RequestHandler, type Response } from 'express'
import request from 'supertest'
import { type CapturedAnswer, captureAnswer } from './captureAnswer.js'

type OnAnswer = (answer: CapturedAnswer) => Promise<void>

const capture =
  (onAnswer: OnAnswer): RequestHandler =>
  (_req, res, next) => {
    captureAnswer(res, { maxBytes: 100_000, onAnswer })
    next()
  }

const textsOf = (seen: jest.Mock<OnAnswer>) => seen.mock.calls.map(([{ complete }]) => complete?.body.toString('utf8'))

it('keeps and sends every byte as it is, small or large', async () => {
  const seen = jest.fn<OnAnswer>(async () => undefined)
  const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, n) => n % 256))
  const app = express().get('/:length', capture(seen), (req, res) => void res.end(bytes.subarray(0, Number(req.params.length))))
  for (const length of [0, 256, 70_000]) {
    const { body } = await request(app).get(`/${length}`).responseType('blob')
    expect(Buffer.compare(body, bytes.subarray(0, length))).toBe(0)
  }
  expect(seen.mock.calls.map(([{ complete }]) => complete?.body.length)).toEqual([0, 256, 70_000])
})

it('keeps what the handler said, not what a middleware before it makes of that', async () => {
  const seen = jest.fn<OnAnswer>(async () => undefined)
  const app = express()
  app.get('/plain', capture(seen), (_req, res) => void res.end('plain'))
  app.get('/zipped', zip, capture(seen), (_req, res) => void res.end('said'))
  await request(app).get('/plain')
  const { body } = await request(app).get('/zipped').responseType('blob')
  expect(gunzipSync(body).toString()).toBe('said')
  expect(textsOf(seen)).toEqual(['plain', 'said'])
})

it('keeps an answer that leaves a mounted app for its parent', async () => {
  const seen = jest.fn<OnAnswer>(async () => undefined)
  const inner = express().use(capture(seen))
  const outer = express()
    .use('/inner', inner)
    .use((_req, res) => void res.end('from outside'))
  expect((await request(outer).get('/inner')).text).toBe('from outside')
  expect(textsOf(seen)).toEqual(['from outside'])
})

it('leaves all other answers of the app alone', async () => {
  const seen = jest.fn<OnAnswer>(async () => undefined)
  const app = express()
    .get('/watched', capture(seen), (_req, res) => void res.end('watched'))
    .get('/other', (_req, res) => {
      res.write('oth')
      res.end('er')
    })
  await request(app).get('/watched')
  expect((await request(app).get('/other')).text).toBe('other')
  expect(seen).toHaveBeenCalledTimes(1)
})

/** What `compression` does: doors of the answer's own, in front of everybody else's. */
const zip: RequestHandler = (_req, res, next) => {
  const end = res.end as (bytes: Buffer) => Response
  res.end = ((text: string, encoding: BufferEncoding = 'utf8') => end.call(res, gzipSync(Buffer.from(text, encoding)))) as Response['end']
  next()
}
