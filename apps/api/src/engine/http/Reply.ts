import { validateHeaderValue } from 'node:http'
import type { RequestHandler, Response } from 'express'

/** One whole answer: what is given together can never be put together from two. */
export interface WholeAnswer {
  status: number
  /** Beside those that every answer carries (request id, key echo, security). */
  headers?: Readonly<Record<string, string>>
  body: string | Buffer
}

/** A code as contracts and teams write them; anything else is no label and no word for a log. */
const CODE = /^[A-Z][A-Z0-9_]{0,63}$/

const REPLY = Symbol('reply')

/** Longest a client may take none of the bytes it is sent. Milliseconds. */
const LONGEST_SILENCE_MS = 60_000

/**
 * The one owner of a response. Status, headers and body are given once and together; whoever comes later (a handler
 * that outlives its time limit, an error after an answer) changes nothing and is counted. `res.headersSent` says
 * "sent", which may be long after "given".
 */
export class Reply {
  readonly #res: Response
  readonly #onLate: () => void
  readonly #silenceMs: number
  #isGiven = false
  #code: string | null = null

  constructor(res: Response, onLate: () => void, silenceMs: number) {
    this.#res = res
    this.#onLate = onLate
    this.#silenceMs = silenceMs
  }

  get isGiven(): boolean {
    return this.#isGiven
  }

  /** The `code` of the answer that was given, recorded or fresh; null for one without, and before it. */
  get code(): string | null {
    return this.#code
  }

  /** @throws {TypeError} when it is no answer that HTTP can carry; nothing was given then, so the refusal of it can be */
  give({ status, headers = {}, body }: WholeAnswer): void {
    if (this.#isGiven) {
      this.#onLate()
      return
    }
    requireAnswer({ status, headers, body })
    this.#isGiven = true
    if (status >= 400 || status === 202) this.#code = codeIn(body)
    this.#res.statusCode = status
    for (const name of Object.keys(headers)) this.#res.setHeader(name, headers[name] ?? '')
    this.#res.end(body)
    this.#endSilence()
  }

  /**
   * Ends the connection of a client that asks and does not read: it would keep that and the bytes for ever, since nobody looks
   * after an answer that was given. Of most answers nothing is left to be taken by now.
   */
  #endSilence(): void {
    const { socket } = this.#res
    if (socket === null || socket.writableLength === 0) return
    this.#res.setTimeout(this.#silenceMs, () => socket.destroy())
  }
}

function requireAnswer({ status, headers = {}, body }: WholeAnswer): void {
  if (!(Number.isInteger(status) && status >= 200 && status <= 599))
    throw new TypeError(`An answer needs a status of 200 to 599, received ${status}. What gave it should say no with a code of its own.`)
  if (typeof body !== 'string' && !Buffer.isBuffer(body))
    throw new TypeError(`The body of an answer is text, received ${body === null ? 'null' : typeof body}.`)
  for (const name of Object.keys(headers)) validateHeaderValue(name, headers[name] ?? '')
}

/** A recorded answer is bytes, and its code is nowhere but in them. Such answers are short. */
function codeIn(body: string | Buffer): string | null {
  try {
    const { code } = JSON.parse(body.toString()) as { code?: unknown }
    return typeof code === 'string' && CODE.test(code) ? code : null
  } catch {
    return null
  }
}

/** First of all middlewares: each response gets its owner. @param onLate told of each answer that came too late */
export function ownReplies(onLate: () => void, { silenceMs = LONGEST_SILENCE_MS }: { silenceMs?: number } = {}): RequestHandler {
  return (_req, res, next) => {
    ;(res.locals as Record<symbol, unknown>)[REPLY] = new Reply(res, onLate, silenceMs)
    next()
  }
}

/** The owner of this response. */
export function replyOf(res: Response): Reply {
  return (res.locals as Record<symbol, unknown>)[REPLY] as Reply
}
