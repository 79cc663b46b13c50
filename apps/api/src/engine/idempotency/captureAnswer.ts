import type { Response } from 'express'
import { type Chunk, type Done, type Doors, doorsOf } from './answerDoors.js'
import type { StoredAnswer } from './IdempotencyStore.js'
import { joinedBytes } from './joinedBytes.js'

/** What a replay repeats. Anything else, `Set-Cookie` above all, belongs to one answer only. */
const REPLAYED_HEADERS = ['content-type', 'content-language', 'location', 'etag'] as const

/** The bytes a handler sent, or null when they were more than may be kept. */
export type CapturedAnswer = { status: number; complete: StoredAnswer | null }

export interface CaptureOptions {
  maxBytes: number
  /** Called once, before the last byte goes out, which waits for it. Must settle soon and by itself. */
  onAnswer: (answer: CapturedAnswer) => Promise<void>
}

/** One answer under watch. */
interface Capture extends CaptureOptions {
  /** Where it is watched: an answer may pass other doors that are under watch too. */
  readonly doors: Doors
  /** What went out so far; null once it is more than may be kept. */
  kept: Buffer[] | null
  size: number
  /** The answer is given: a handler that goes on (after a timeout, say) may not put another one before it. */
  given: boolean
}

const CAPTURE = Symbol('capture')
const watched = new WeakSet<Doors>()

/**
 * Watches `res.write` and `res.end`, the two doors every answer leaves by (streams, `res.json`, empty
 * bodies). Writes pass straight through; only the end waits.
 */
export function captureAnswer(res: Response, { maxBytes, onAnswer }: CaptureOptions): void {
  const doors = doorsOf(res)
  if (!watched.has(doors)) watch(doors)
  setCapture(res, { doors, maxBytes, onAnswer, kept: [], size: 0, given: false })
}

function setCapture(res: Response, capture: Capture): void {
  ;(res.locals as Record<symbol, unknown>)[CAPTURE] = capture
}

/** The capture that waits for this answer at these doors. */
function captureAt(doors: Doors, res: Response): Capture | null {
  const capture = (res.locals as Record<symbol, unknown> | undefined)?.[CAPTURE] as Capture | undefined
  return capture?.doors === doors ? capture : null
}

function watch(doors: Doors): void {
  const { write, end } = doors
  watched.add(doors)

  doors.write = function (this: Response, chunk: Chunk, encoding?: BufferEncoding | Done, done?: Done): boolean {
    const capture = captureAt(doors, this)
    if (capture?.given) return true
    // Copied: whoever streams may use the same buffer again.
    if (capture !== null) keep(capture, typeof chunk === 'string' ? chunk : Uint8Array.from(chunk), encoding)
    return write.call(this, chunk, encoding, done)
  }

  doors.end = function (this: Response, chunk?: Chunk | Done | null, encoding?: BufferEncoding | Done, done?: Done): Response {
    const capture = captureAt(doors, this)
    if (capture === null) return end.call(this, chunk, encoding, done)
    if (capture.given) return this
    capture.given = true
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') keep(capture, chunk, encoding)
    const finish = () => {
      if (Buffer.isBuffer(chunk) && encoding === undefined && done === undefined) end.call(this, ...joinedBytes(chunk))
      else end.call(this, chunk, encoding, done)
    }
    const complete = capture.kept === null ? null : storedAnswer(this, capture.kept)
    capture.onAnswer({ status: this.statusCode, complete }).then(finish, finish)
    return this
  }
}

/** Keeps `chunk` itself, which must not change any more. */
function keep(capture: Capture, chunk: Chunk, encoding: BufferEncoding | Done | undefined): void {
  if (capture.kept === null) return
  const bytes = toBuffer(chunk, encoding)
  capture.size += bytes.length
  if (capture.size > capture.maxBytes) capture.kept = null
  else capture.kept.push(bytes)
}

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
