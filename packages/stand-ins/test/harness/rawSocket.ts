import { once } from 'node:events'
import WebSocket from 'ws'
import { until } from './until.js'

/** A WebSocket without a client library: what goes over the wire, word by word. */
export interface RawSocket {
  /** Text frames as they came, parsed; binary ones as bytes. */
  readonly frames: unknown[]
  readonly closeCode: number | null
  send(frame: unknown): void
  sendBytes(bytes: Buffer): void
  /** The next frame not taken yet. */
  next(): Promise<unknown>
  close(): void
}

export async function openRaw(url: string, options: { vsn?: string; key?: string } = {}): Promise<RawSocket> {
  const { vsn = '2.0.0', key = 'demo-anon-key' } = options
  const socket = new WebSocket(`${url.replace('http', 'ws')}/realtime/v1/websocket?apikey=${key}&vsn=${vsn}`)
  const frames: unknown[] = []
  let taken = 0
  let closeCode: number | null = null
  socket.on('message', (data: Buffer, isBinary) => void frames.push(isBinary ? data : JSON.parse(data.toString('utf8'))))
  socket.on('close', (code) => {
    closeCode = code
  })
  await once(socket, 'open')
  return {
    frames,
    get closeCode() {
      return closeCode
    },
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    sendBytes: (bytes) => socket.send(bytes),
    async next() {
      const index = taken
      taken += 1
      await until(() => frames.length > index)
      return frames[index]
    },
    close: () => socket.close(),
  }
}

/** Asks for an upgrade and returns how it was refused. */
export async function refusedUpgrade(url: string): Promise<{ status: number; body: unknown }> {
  const socket = new WebSocket(url)
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, import('node:http').IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return { status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) }
}
