import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from '@jest/globals'
import { WebSocket, WebSocketServer } from 'ws'
import { socketFrame } from './socketFrame.js'

const MESSAGES = [
  '',
  'a',
  'é'.repeat(62),
  'x'.repeat(125),
  'x'.repeat(126),
  'x'.repeat(65_535),
  'x'.repeat(65_536),
  Buffer.from([0, 255, 128]),
  Buffer.alloc(70_000, 7),
]

it('is read by a client as the message it was made of, text and bytes of every length', async () => {
  const sockets = new WebSocketServer({ noServer: true })
  const server = createServer().on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, () => {
      for (const message of MESSAGES) socket.write(socketFrame(message))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const heard: (string | Buffer)[] = []
  await new Promise<void>((resolve) => {
    client.on('message', (data: Buffer, isBinary) => {
      heard.push(isBinary ? data : data.toString())
      if (heard.length === MESSAGES.length) resolve()
    })
  })
  expect(heard).toEqual(MESSAGES)
  client.terminate()
  await new Promise((resolve) => server.close(resolve))
})
