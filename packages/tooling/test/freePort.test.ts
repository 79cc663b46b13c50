import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, expect, jest, test } from '@jest/globals'
import { freePort } from '../scripts/workspace/loopback.mjs'

let somebody: Server | undefined

afterEach(() => {
  jest.restoreAllMocks()
  somebody?.close()
})

test('a free port is none that the system gives to an outgoing connection before it is used', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()))
  expect(ports.filter((port) => port < 20_000 || port >= 32_000)).toEqual([])
})

test('a free port is none that somebody listens at', async () => {
  const first = await freePort()
  somebody = createServer().listen(first, '127.0.0.1')
  await once(somebody, 'listening')
  jest.spyOn(Math, 'random').mockReturnValueOnce((first - 20_000) / 12_000 + 1e-9)
  expect(await freePort()).not.toBe(first)
})
