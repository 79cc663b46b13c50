import type { Response } from 'express'
import type { StoredAnswer } from './IdempotencyStore.js'

/** What a replay repeats. Anything else, `Set-Cookie` above all, belongs to one answer only. */
const REPLAYED_HEADERS = ['content-type', 'content-language', 'location', 'etag'] as const

/** The bytes a handler sent, or null when they were more than may be kept. */
export type CapturedAnswer = { status: number; complete: StoredAnswer | null }

export interface CaptureOptions {
  maxBytes: number
  /** Called once, before the last byte goes out, which waits for it. Must settle soon and by itself. */
  onAnswer: (answer: CapturedAnswer) => Promise<void>
}

type Chunk = string | Uint8Array
type Done = () => void
type Write = (chunk: Chunk, encoding?: BufferEncoding | Done, done?: Done) => boolean
type End = (chunk?: Chunk | Done, encoding?: BufferEncoding | Done, done?: Done) => Response

/**
 * Watches `res.write` and `res.end`, the two doors every answer leaves by (streams, `res.json`, empty
 * bodies). Writes pass straight through; only the end waits.
 */
export function captureAnswer(res: Response, { maxBytes, onAnswer }: CaptureOptions): void {
  const write = res.write as Write
  const end = res.end as End
  let kept: Buffer[] | null = []
  let size = 0

  // Keeps `chunk` itself, which must not change any more.
  const keep = (chunk: Chunk, encoding: BufferEncoding | Done | undefined) => {
    if (kept === null) return
    const bytes = toBuffer(chunk, encoding)
    size += bytes.length
    if (size > maxBytes) kept = null
    else kept.push(bytes)
  }

  res.write = ((chunk: Chunk, encoding?: BufferEncoding | Done, done?: Done) => {
    // Copied: whoever streams may use the same buffer again.
    keep(typeof chunk === 'string' ? chunk : Uint8Array.from(chunk), encoding)
    return write.call(res, chunk, encoding, done)
  }) as Response['write']

  res.end = ((chunk?: Chunk | Done, encoding?: BufferEncoding | Done, done?: Done) => {
    // The answer is given: a handler that goes on (after a timeout, say) may not put another one before it.
    res.write = ignoreWrite as Response['write']
    res.end = (() => res) as Response['end']
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') keep(chunk, encoding)
    const finish = () => end.call(res, chunk, encoding, done)
    onAnswer({ status: res.statusCode, complete: kept === null ? null : storedAnswer(res, kept) }).then(finish, finish)
    return res
  }) as Response['end']
}

const ignoreWrite = () => true

function storedAnswer(res: Response, kept: readonly Buffer[]): StoredAnswer {
  const [only] = kept
  const body = kept.length === 1 && only !== undefined ? only : Buffer.concat(kept)
  return { status: res.statusCode, headers: replayedHeaders(res), body }
}

function replayedHeaders(res: Response): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name of REPLAYED_HEADERS) {
    const value = res.getHeader(name)
    if (value !== undefined) headers[name] = String(value)
  }
  return headers
}

function toBuffer(chunk: Chunk, encoding: BufferEncoding | Done | undefined): Buffer {
  if (typeof chunk === 'string') return Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8')
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
}
