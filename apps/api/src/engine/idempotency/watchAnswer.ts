import type { ServerResponse } from 'node:http'
import { AnswerRecord, type AnswerRules } from './AnswerRecord.js'
import { type Chunk, type Done, type Doors, doorsOf, type HeadersToWrite } from './answerDoors.js'
import type { Outcome } from './IdempotencyStore.js'

export interface WatchOptions extends AnswerRules {
  /** The request whose answer it is. */
  owner: string
  /** Called once, when the whole answer was handed on. Must not throw. */
  onEnd: (outcome: Outcome) => void
}

/** One answer under watch. */
interface Watch extends WatchOptions {
  /** Where it is watched: an answer may pass other doors that are under watch too. */
  readonly doors: Doors
  readonly record: AnswerRecord
  /** The watch that was there before, for another key. */
  readonly outer: Watch | undefined
  isOver: boolean
}

/** Beside the answers, not on them: `res.locals` is the app's, and a property of their own is dear. */
const watches = new WeakMap<ServerResponse, Watch>()
const watchedDoors = new WeakSet<Doors>()

/** The request whose answer is under watch, whoever watches it. */
export function ownerOf(res: ServerResponse): string | undefined {
  return watches.get(res)?.owner
}

/**
 * Watches an answer as its handler gives it, before a middleware in front makes something else of it (and after one
 * behind did). Everything passes on at once: what is given is sent, and nothing can be put in its place.
 */
export function watchAnswer(res: ServerResponse, options: WatchOptions): void {
  const doors = doorsOf(res)
  if (!watchedDoors.has(doors)) watchDoors(doors)
  const record = new AnswerRecord(res, options)
  watches.set(res, { ...options, doors, record, outer: watches.get(res), isOver: false })
}

/** The watches that wait for this answer at these doors. */
function watchesAt(doors: Doors, res: ServerResponse): Watch[] {
  const found: Watch[] = []
  for (let watch = watches.get(res); watch !== undefined; watch = watch.outer) {
    if (watch.doors === doors && !watch.isOver) found.push(watch)
  }
  return found
}

function watchDoors(doors: Doors): void {
  const { writeHead, write, end } = doors
  watchedDoors.add(doors)

  doors.writeHead = function (
    this: ServerResponse,
    status: number,
    reason?: string | HeadersToWrite,
    headers?: HeadersToWrite,
  ): ServerResponse {
    const heads = watchesAt(doors, this).map(({ record }) => record.headOf(status, typeof reason === 'string' ? headers : reason))
    const args = [status, reason, headers].slice(0, headers !== undefined ? 3 : reason !== undefined ? 2 : 1)
    const result = (writeHead as (...args: unknown[]) => ServerResponse).apply(this, args)
    // Only now: where Node refused them, others will be written.
    for (const keep of heads) keep()
    return result
  }

  doors.write = function (this: ServerResponse, chunk: Chunk, encoding?: BufferEncoding | Done, done?: Done): boolean {
    const here = this.writableEnded ? [] : watchesAt(doors, this)
    // Copied: whoever streams may use the same buffer again.
    for (const { record } of here) record.keep(typeof chunk === 'string' ? chunk : Uint8Array.from(chunk), encoding)
    return write.call(this, chunk, encoding, done)
  }

  doors.end = function (this: ServerResponse, chunk?: Chunk | Done | null, encoding?: BufferEncoding | Done, done?: Done): ServerResponse {
    const here = this.writableEnded ? [] : watchesAt(doors, this)
    const result = end.call(this, chunk, encoding, done)
    for (const watch of here) {
      watch.isOver = true
      if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') watch.record.keep(chunk, encoding)
      watch.onEnd(watch.record.outcome())
    }
    return result
  }
}
