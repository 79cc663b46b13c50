import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Chunk, Done, HeadersToWrite } from './answerDoors.js'
import type { Outcome, StoredAnswer } from './IdempotencyStore.js'
import { type KeptHeaders, keepHeader, type ReplayedHeaders } from './replayedHeaders.js'

export interface AnswerRules {
  /** Longest body that is kept, in bytes. */
  maxBytes: number
  /** The only headers a replay repeats; null for all that the handler set. */
  onlyHeaders: ReplayedHeaders
}

interface Head {
  status: number
  headers: StoredAnswer['headers']
}

/** An answer as it is written down while it goes out. */
export class AnswerRecord {
  readonly #res: ServerResponse
  readonly #rules: AnswerRules
  /**
   * Headers set since the handler was entered, written down as they are set: asking for each takes much longer. What stood
   * there before, a replay has from whoever set it, in its own version.
   */
  #set: KeptHeaders = {}
  #noted: Head | null = null
  #head: Head | null = null
  #kept: (string | Buffer)[] | null = []
  #size = 0

  constructor(res: ServerResponse, rules: AnswerRules) {
    this.#res = res
    this.#rules = rules
  }

  /** A header was set; `value` is undefined when it was taken away. */
  noteHeader(name: string, value: OutgoingHttpHeader | undefined): void {
    // What something in front adds to the head on its way out is no part of what was noted.
    if (this.#noted?.headers === this.#set) this.#set = { ...this.#set }
    keepHeader(this.#set, name, value)
  }

  /** Reads the head that is about to be written. */
  noteHead(status: number, written?: HeadersToWrite): void {
    this.#noted = this.#headOf(status, written === undefined ? undefined : namedIn(written))
  }

  /** It was written. */
  keepHead(): void {
    this.#head ??= this.#noted
  }

  /** Keeps `chunk` itself, which must not change any more. */
  keep(chunk: Chunk, encoding: BufferEncoding | Done | undefined): void {
    if (this.#kept === null) return
    const part = bodyPart(chunk, typeof encoding === 'string' ? encoding : 'utf8')
    this.#size += typeof part === 'string' ? Buffer.byteLength(part) : part.length
    if (this.#size > this.#rules.maxBytes) this.#kept = null
    else this.#kept.push(part)
  }

  /** What is known of it once it ended. */
  outcome(): Outcome {
    const { status, headers } = this.#head ?? this.#headOf(this.#res.statusCode)
    if (this.#kept === null) return { kind: 'not-kept', status }
    return { kind: 'answered', answer: { status, headers, body: joined(this.#kept) } }
  }

  #headOf(status: number, written?: OutgoingHttpHeaders): Head {
    const { onlyHeaders } = this.#rules
    if (onlyHeaders === null && written === undefined) return { status, headers: this.#set }
    const headers: KeptHeaders = onlyHeaders === null ? { ...this.#set } : {}
    for (const name of onlyHeaders ?? []) keepHeader(headers, name, this.#res.getHeader(name))
    for (const name in written) if (onlyHeaders === null || onlyHeaders.has(name)) keepHeader(headers, name, written[name])
    return { status, headers }
  }
}

/** What `writeHead` was given, whichever way: an object, pairs, or names and values in turn. */
function namedIn(written: HeadersToWrite): OutgoingHttpHeaders {
  if (!Array.isArray(written)) return Object.fromEntries(Object.entries(written).map(([name, value]) => [name.toLowerCase(), value]))
  const named: Record<string, OutgoingHttpHeader> = {}
  const flat = (Array.isArray(written[0]) ? written.flat() : written) as OutgoingHttpHeader[]
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const name = String(flat[at]).toLowerCase()
    const earlier = named[name]
    const value = flat[at + 1] ?? ''
    named[name] = earlier === undefined ? value : [earlier, value].flat().map(String)
  }
  return named
}

/** Text stays text, which is what most answers are: bytes of it would be made only to be kept. */
function bodyPart(chunk: Chunk, encoding: BufferEncoding): string | Buffer {
  if (typeof chunk === 'string') return encoding === 'utf8' || /^utf-?8$/i.test(encoding) ? chunk : Buffer.from(chunk, encoding)
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
}

function joined(parts: readonly (string | Buffer)[]): string | Buffer {
  const [only = '', ...more] = parts
  return more.length === 0 ? only : Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
}
