import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createIdentity, createRealtimeGateway, createTwilioSimulator, type RealtimeGateway, type TwilioSimulator } from '@org/stand-ins'
import express from 'express'
import { socketsOfLoopback } from './loopbackOnly.js'
import { oneOrigin } from './oneOrigin.js'

let server: Server
let gateway: RealtimeGateway
let twilio: TwilioSimulator

beforeAll(async () => {
  const identity = await createIdentity()
  twilio = await createTwilioSimulator()
  gateway = createRealtimeGateway({
    feed: { subscribe: () => () => undefined },
    verify: (jwt) => identity.verify(jwt),
  })
  const api = express().use((_request, response) => void response.json({ api: true }))
  server = createServer(
    oneOrigin({ api, standIns: { identity, twilio }, gateway, env: {}, url: 'http://localhost:4300', origins: [], pages: express() }),
  )
  server.on('upgrade', socketsOfLoopback(gateway))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterAll(async () => {
  gateway.close()
  await twilio.close()
  await new Promise((resolve) => server.close(resolve))
})

interface Sent {
  path: string
  host: string
  method?: string
  headers?: Record<string, string>
  body?: string
}

/** What is answered; null when the connection was cut. `fetch` would not let us choose the Host. */
function send({ path, host, method = 'GET', headers = {}, body }: Sent): Promise<{ status: number | undefined; text: string } | null> {
  const { port } = server.address() as AddressInfo
  return new Promise((resolve) => {
    const call = request({ port, host: '127.0.0.1', path, method, headers: { ...headers, host }, agent: false }, async (response) => {
      let text = ''
      for await (const chunk of response) text += chunk
      resolve({ status: response.statusCode, text })
    })
    call.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode, text: '' })
    })
    call.on('error', () => resolve(null))
    call.end(body)
  })
}

const signIn = (host: string) =>
  send({ path: '/_stand-ins/token', host, method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"user":"ana"}' })

describe('the demo', () => {
  it.each(['localhost', 'localhost:4300', 'LOCALHOST:4300', '127.0.0.1', '127.0.0.1:80', '[::1]:4300'])('answers to %s', async (host) => {
    expect((await signIn(host))?.status).toBe(200)
  })

  it.each(['evil.test', 'evil.test:4300', 'localhost.evil.test', '127.0.0.1.evil.test', 'evil.test#localhost', '10.0.0.1'])(
    'gives nothing to who calls it %j: no token, no page, no API, no socket',
    async (host) => {
      const answer = await signIn(host)
      expect([answer?.status, answer?.text.includes('access_token')]).toEqual([421, false])
      for (const path of ['/', '/settings.json', '/api/session']) expect((await send({ path, host }))?.status).toBe(421)
      const upgrade = {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'a'.repeat(22).concat('=='),
      }
      expect(await send({ path: '/realtime/v1/websocket?apikey=x&vsn=1.0.0', host, headers: upgrade })).toBeNull()
    },
  )
})
