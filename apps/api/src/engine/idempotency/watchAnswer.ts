import type { OutgoingHttpHeader, ServerResponse } from 'node:http'
import { AnswerRecord, type AnswerRules } from './AnswerRecord.js'
import { type Chunk, type Done, type Doors, doorsOf, type HeadersToWrite } from './answerDoors.js'
import type { Outcome } from './IdempotencyStore.js'
import { plainText } from './joinedBytes.js'

export interface WatchOptions {
  /** The request whose answer it is. */
  owner: string
  rules: AnswerRules
  /** Called once, when the whole answer was handed on. Must not throw. */
  onEnd: (outcome: Outcome) => void
}

/** One answer under watch. */
interface Watch {
  readonly owner: string
  readonly onEnd: WatchOptions['onEnd']
  readonly record: AnswerRecord
  /** Where it is watched: an answer may pass other doors that are under watch too. */
  readonly doors: Doors
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
export function watchAnswer(res: ServerResponse, { owner, rules, onEnd }: WatchOptions): void {
  const doors = doorsOf(res)
  if (!watchedDoors.has(doors)) watchDoors(doors)
  watches.set(res, { owner, onEnd, record: new AnswerRecord(res, rules), doors, outer: watches.get(res), isOver: false })
}

/** The first that waits for this answer at these doors, from `watch` outwards. Nearly always there is one, or none. */
function waitingAt(doors: Doors, watch: Watch | undefined): Watch | undefined {
  let found = watch
  while (found !== undefined && (found.doors !== doors || found.isOver)) found = found.outer
  return found
}

function watchDoors(doors: Doors): void {
  const { setHeader, appendHeader, removeHeader, writeHead, write, end } = doors
  watchedDoors.add(doors)

  doors.setHeader = function (this: ServerResponse, name: string, value: OutgoingHttpHeader): ServerResponse {
    const result = setHeader.call(this, name, value)
    noteHeader(doors, this, [name, value])
    return result
  }

  doors.appendHeader = function (this: ServerResponse, name: string, value: OutgoingHttpHeader): ServerResponse {
    const result = appendHeader.call(this, name, value)
    noteHeader(doors, this, [name, this.getHeader(name)])
    return result
  }

  doors.removeHeader = function (this: ServerResponse, name: string): void {
    removeHeader.call(this, name)
    noteHeader(doors, this, [name, undefined])
  }

  doors.writeHead = function (
    this: ServerResponse,
    status: number,
    reason?: string | HeadersToWrite,
    headers?: HeadersToWrite,
  ): ServerResponse {
    const first = waitingAt(doors, watches.get(this))
    const written = typeof reason === 'string' ? headers : reason
    for (let at = first; at !== undefined; at = waitingAt(doors, at.outer)) at.record.noteHead(status, written)
    const result = passHead(this, writeHead, [status, reason, headers])
    // Only now: where Node refused it, another one will be written.
    for (let at = first; at !== undefined; at = waitingAt(doors, at.outer)) at.record.keepHead()
    return result
  }

  doors.write = function (this: ServerResponse, chunk: Chunk, encoding?: BufferEncoding | Done, done?: Done): boolean {
    let at = waitingAt(doors, watches.get(this))
    if (at !== undefined && this.writableEnded) at = undefined
    // Copied: whoever streams may use the same buffer again.
    for (; at !== undefined; at = waitingAt(doors, at.outer)) {
      at.record.keep(typeof chunk === 'string' ? chunk : Uint8Array.from(chunk), encoding)
    }
    return write.call(this, chunk, encoding, done)
  }

  doors.end = function (this: ServerResponse, chunk?: Chunk | Done | null, encoding?: BufferEncoding | Done, done?: Done): ServerResponse {
    let at = waitingAt(doors, watches.get(this))
    if (at === undefined || this.writableEnded) return end.call(this, chunk, encoding, done)
    const text = plainText(chunk)
    const result =
      text === null
        ? end.call(this, chunk, encoding, done)
        : end.call(this, text, 'latin1', typeof encoding === 'function' ? encoding : done)
    for (; at !== undefined; at = waitingAt(doors, at.outer)) {
      at.isOver = true
      // What lies in an old map and knows its key survives every small garbage collection (measured: half a request's cost).
      if (at.outer === undefined) watches.delete(this)
      if (text !== null) at.record.keep(text, 'utf8')
      else if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') at.record.keep(chunk, encoding)
      at.onEnd(at.record.outcome())
    }
    return result
  }
}

function noteHeader(doors: Doors, res: ServerResponse, [name, value]: [string, OutgoingHttpHeader | undefined]): void {
  for (let at = waitingAt(doors, watches.get(res)); at !== undefined; at = waitingAt(doors, at.outer)) at.record.noteHeader(name, value)
}

/** With as many arguments as it came with: other middlewares count them. */
function passHead(
  res: ServerResponse,
  writeHead: Doors['writeHead'],
  [status, reason, headers]: Parameters<Doors['writeHead']>,
): ServerResponse {
  if (reason === undefined) return writeHead.call(res, status)
  return headers === undefined ? writeHead.call(res, status, reason) : writeHead.call(res, status, reason, headers)
}
