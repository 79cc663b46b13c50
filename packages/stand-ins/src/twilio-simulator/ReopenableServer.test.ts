import { afterEach, expect, it } from '@jest/globals'
import { openServer, type ReopenableServer } from './ReopenableServer.js'

const servers: ReopenableServer[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function open(port = 0): Promise<ReopenableServer> {
  const server = await openServer(port, (_request, response) => void response.setHeader('Connection', 'close').end('here'))
  servers.push(server)
  return server
}

const ask = (port: number) => fetch(`http://127.0.0.1:${port}/`).then((response) => response.text())

it('ends in the state asked for last, however fast it is switched', async () => {
  const server = await open()
  const { port } = server
  await Promise.all([server.close(), server.open(), server.close(), server.open()])
  expect(await ask(port)).toBe('here')
  await Promise.all([server.open(), server.close()])
  await expect(ask(port)).rejects.toThrow('fetch failed')
})

it('says so when the port is taken', async () => {
  const { port } = await open()
  await expect(openServer(port, () => undefined)).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

it('opens again after an opening failed', async () => {
  const server = await open()
  await server.close()
  const thief = await open(server.port)
  await expect(server.open()).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await thief.close()
  await server.open()
  expect(await ask(server.port)).toBe('here')
})
