const FINAL = 0x80
const TEXT = 0x1
const BINARY = 0x2

/**
 * A message as a server puts it on a WebSocket (RFC 6455, section 5.2: whole, not masked, not compressed). Whoever tells many
 * the same makes it once and writes the same bytes to each connection, as the real server does.
 */
export function socketFrame(message: string | Buffer): Buffer {
  const body = typeof message === 'string' ? Buffer.from(message) : message
  return Buffer.concat([Buffer.from([FINAL | (typeof message === 'string' ? TEXT : BINARY)]), lengthOf(body), body])
}

/** One byte for what it can say; else its last two numbers stand for a length of two bytes and of eight. */
function lengthOf({ length }: Buffer): Buffer {
  if (length < 126) return Buffer.from([length])
  const bytes = Buffer.alloc(length <= 0xffff ? 3 : 9)
  bytes[0] = length <= 0xffff ? 126 : 127
  bytes.writeUIntBE(length, bytes.length === 3 ? 1 : 3, bytes.length === 3 ? 2 : 6)
  return bytes
}
