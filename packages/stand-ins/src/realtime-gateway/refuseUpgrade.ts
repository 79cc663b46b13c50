import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** Answers an upgrade request with a plain HTTP error, as the real server refuses before the upgrade. */
export function refuseUpgrade(socket: Duplex, status: number, error: string): void {
  // An upgraded socket has no listener any more, and a peer that resets it would end the process.
  socket.on('error', () => socket.destroy())
  const body = JSON.stringify({ error })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
