import { createServer, get, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import express, { type ErrorRequestHandler } from 'express'
import { limitByAddress } from './floodLimit.js'

let server: Server

beforeAll(async () => {
  const app = express().set('trust proxy', 1)
  const refused: ErrorRequestHandler = (_error, _req, res, _next) => void res.status(429).end()
  app.use(limitByAddress({ perMinute: 1 }))
  app.use((_req, res) => void res.end())
  app.use(refused)
  server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '::', resolve))
})

afterAll(() => new Promise((resolve) => server.close(resolve)))

const asked = (host: string, headers: Record<string, string> = {}) =>
  new Promise<number>((resolve, reject) => {
    const { port } = server.address() as AddressInfo
    get({ host, port, headers, agent: false }, (response) => resolve(response.resume().statusCode ?? 0)).on('error', reject)
  })
/** As a proxy in front names whoever asks. */
const from = (address: string) => asked('127.0.0.1', { 'x-forwarded-for': address })

it.each<[string, string[]]>([
  ['one network of IPv6', ['2001:db8:1:1::1', '2001:db8:1:1:ffff:ffff:ffff:ffff', '2001:DB8:1:1:0:0:0:7', '2001:db8:1:1:abcd::']],
  ['an address of IPv4, however it is written', ['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:c000:201', '0:0:0:0:0:ffff:192.0.2.1']],
  ['an address whose proxy names the port as well', ['198.51.100.7:50001', '198.51.100.7:50002', '198.51.100.7']],
  ['the same of IPv6', ['[2001:db8:2::1]:50001', '[2001:db8:2::1]:50002', '2001:db8:2::1', '[2001:db8:2::1]']],
  ['a link of a machine’s own', ['fe80::1%eth0', 'fe80::1%eth1', 'fe80::1']],
])('counts %s as one', async (_what, addresses) => {
  const [first, ...others] = await addresses.reduce<Promise<number[]>>(
    async (all, address) => [...(await all), await from(address)],
    Promise.resolve([]),
  )
  expect([first, new Set(others)]).toEqual([200, new Set([429])])
})

it('counts people apart', async () => {
  const answers = []
  for (const address of ['203.0.113.1', '203.0.113.2', '::ffff:203.0.113.3', '2001:db8:aa::1', '2001:db8:bb::1', 'unknown'])
    answers.push(await from(address))
  expect(answers).toEqual(answers.map(() => 200))
})

it('counts a connection of IPv4 to a socket of both kinds like one to a socket of its own', async () => {
  expect([await asked('127.0.0.1'), await from('127.0.0.1')]).toEqual([200, 429])
})
