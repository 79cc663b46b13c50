import type { Response } from 'express'
import type { StoredAnswer } from './IdempotencyStore.js'

/** What a replay repeats. Anything else, `Set-Cookie` above all, belongs to one answer only. */
const REPLAYED_HEADERS = ['content-type', 'content-language', 'location', 'etag'] as const

/** The bytes a handler sent, or null when they were more than may be kept. */
export type CapturedAnswer = { status: number; complete: StoredAnswer | null }

type Chunk = string | Uint8Array
type Done = () => void

/**
 * Watches `res.write` and `res.end`, the two doors every answer leaves by (streams, `res.json`, empty
 * bodies), and calls `onAnswer` before the last byte goes out. Writes pass straight through; only the
 * end waits for `onAnswer`, which must settle by itself.
 */
export function captureAnswer(res: Response, options: { maxBytes: number; onAnswer: (answer: CapturedAnswer) => Promise<void> }): void {
  const kept = new KeptBytes(options.maxBytes)
  const write = res.write.bind(res) as (chunk: Chunk, encoding?: BufferEncoding | Done, done?: Done) => boolean
  const end = res.end.bind(res) as (chunk?: Chunk | Done, encoding?: BufferEncoding | Done, done?: Done) => Response

  res.write = ((chunk: Chunk, encoding?: BufferEncoding | Done, done?: Done) => {
    kept.add(chunk, encoding)
    return write(chunk, encoding, done)
  }) as typeof res.write

  res.end = ((chunk?: Chunk | Done, encoding?: BufferEncoding | Done, done?: Done) => {
    // The answer is given: a handler that goes on (after a timeout, say) may not put another one before it.
    res.write = (() => true) as typeof res.write
    res.end = (() => res) as typeof res.end
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') kept.add(chunk, encoding)
    const body = kept.bytes()
    const complete = body === null ? null : { status: res.statusCode, headers: replayedHeaders(res), body }
    const finish = () => end(chunk, encoding, done)
    options.onAnswer({ status: res.statusCode, complete }).then(finish, finish)
    return res
  }) as typeof res.end
}

function replayedHeaders(res: Response): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name of REPLAYED_HEADERS) {
    const value = res.getHeader(name)
    if (value !== undefined) headers[name] = String(value)
  }
  return headers
}

/** Bytes up to a cap; past it, it keeps nothing and says so. */
class KeptBytes {
  readonly #maxBytes: number
  #chunks: Buffer[] | null = []
  #size = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  add(chunk: Chunk, encoding?: BufferEncoding | Done): void {
    if (this.#chunks === null) return
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8') : Buffer.from(chunk)
    this.#size += bytes.length
    if (this.#size > this.#maxBytes) this.#chunks = null
    else this.#chunks.push(bytes)
  }

  bytes(): Buffer | null {
    return this.#chunks === null ? null : Buffer.concat(this.#chunks)
  }
}
