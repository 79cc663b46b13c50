import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createIdentity, createRealtimeGateway, createTwilioSimulator, type TwilioSimulator } from '@org/stand-ins'
import express from 'express'
import { isLoopbackOrigin } from './listedOrigins.js'
import { oneOrigin } from './oneOrigin.js'

const THEIR_APP = 'http://localhost:5173'

let server: Server
let twilio: TwilioSimulator

beforeAll(async () => {
  const identity = await createIdentity()
  twilio = await createTwilioSimulator()
  const gateway = createRealtimeGateway({ feed: { subscribe: () => () => undefined }, verify: (jwt) => identity.verify(jwt) })
  const parts = { api: express(), standIns: { identity, twilio }, gateway, env: {}, url: 'http://localhost:4300', pages: express() }
  server = createServer(oneOrigin({ ...parts, origins: [THEIR_APP] })).listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterAll(async () => {
  await twilio.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

function ask(method: string, origin: string, path = '/_stand-ins/token') {
  const body = method === 'POST' ? { body: '{"user":"ana"}' } : {}
  const headers = { Origin: origin, 'Content-Type': 'application/json', 'Access-Control-Request-Method': 'POST' }
  return fetch(`http://localhost:${(server.address() as AddressInfo).port}${path}`, { method, headers, ...body })
}

describe('another app on this machine', () => {
  it('signs in when it is listed: the browser may ask, and may read the token', async () => {
    const preflight = await ask('OPTIONS', THEIR_APP)
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe(THEIR_APP)
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/content-type/i)
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST')

    const answer = await ask('POST', THEIR_APP)
    expect(answer.headers.get('access-control-allow-origin')).toBe(THEIR_APP)
    expect(await answer.json()).toHaveProperty('access_token')
  })

  it('sees what Twilio accepted, and breaks things', async () => {
    for (const path of ['/_stand-ins/twilio/messages', '/_stand-ins/faults'])
      expect((await ask('GET', THEIR_APP, path)).headers.get('access-control-allow-origin')).toBe(THEIR_APP)
  })

  it.each(['http://localhost:5174', 'http://evil.test', 'null'])('may read nothing when it is not listed: %s', async (origin) => {
    for (const method of ['OPTIONS', 'POST']) {
      const answer = await ask(method, origin)
      expect([answer.headers.get('access-control-allow-origin'), answer.headers.get('vary')]).toEqual([null, 'Origin'])
    }
  })

  it.each([
    ['http://localhost:5173', true],
    ['http://127.0.0.1:3000', true],
    ['https://localhost', true],
    ['http://[::1]:5173', true],
    ['https://app.example.com', false],
    ['http://localhost.evil.test', false],
    ['localhost:5173', false],
    ['null', false],
  ])('is one by its origin: %s %s', (origin, is) => {
    expect(isLoopbackOrigin(origin)).toBe(is)
  })
})
