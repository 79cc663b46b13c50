import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { HEADERS } from '@org/contracts'
import type { Request, Response } from 'express'
import type { StoredAnswer } from './IdempotencyStore.js'
import { joinedBytes } from './joinedBytes.js'

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer>>> = {
  gzip: promisify<Buffer, Buffer>(gunzip),
  br: promisify<Buffer, Buffer>(brotliDecompress),
  deflate: promisify<Buffer, Buffer>(inflate),
}

/** Sends an earlier answer again, its bytes untouched. */
export function replayAnswer(req: Request, res: Response, answer: StoredAnswer): void {
  const encoding = String(answer.headers['content-encoding'] ?? 'identity')
  const decode = req.acceptsEncodings(encoding) === false ? DECODERS[encoding] : undefined
  if (decode === undefined) {
    send(res, answer)
    return
  }
  // Whoever asks again without taking this encoding gets what it stands for; where that fails, the bytes themselves.
  const { 'content-encoding': _, ...headers } = answer.headers
  decode(bytesOf(answer.body)).then(
    (body) => send(res, { ...answer, headers, body }),
    () => send(res, answer),
  )
}

function send(res: Response, { status, headers, body }: StoredAnswer): void {
  if (res.headersSent) return
  res.statusCode = status
  for (const name of Object.keys(headers)) res.setHeader(name, headers[name] ?? '')
  res.setHeader(HEADERS.idempotentReplayed, 'true')
  if (headers['content-disposition'] !== undefined) {
    // Where Node counts the bytes itself it spoils what is beyond ASCII in this one header.
    res.setHeader('Content-Length', Buffer.byteLength(body))
    res.write(body)
    res.end()
    return
  }
  const [bytes, encoding] = typeof body === 'string' ? ([body, encodingOf(body)] as const) : joinedBytes(body)
  if (encoding === undefined) res.end(bytes)
  else res.end(bytes, encoding)
}

/** Node writes the head in the encoding of a text that leaves with it; in UTF-8 that spoils headers beyond ASCII. */
function encodingOf(text: string): 'latin1' | 'utf8' {
  return Buffer.byteLength(text) === text.length ? 'latin1' : 'utf8'
}

function bytesOf(body: string | Buffer): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : body
}
