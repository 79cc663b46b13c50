import { ERROR_CODES, type ErrorBody, type ErrorCode } from '@org/contracts'
import type { Meaning } from '../codes/meaningOf.js'
import { refusalBody } from '../codes/refusalBody.js'

export interface RefusalOptions {
  /** Replaces the code's own text, for people. */
  error?: string
  retryAfterMs?: number
  /** Further headers of the answer. @default none */
  headers?: Record<string, string>
  /** Further fields of the body; they replace none of its own. */
  fields?: Record<string, unknown>
  cause?: unknown
}

/** An answer that says no: thrown anywhere before the service, sent by `refusalAnswer`. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly meaning: Meaning
  readonly retryAfterMs: number | null
  readonly headers: Record<string, string>
  readonly fields: Record<string, unknown>

  /** @param code one of the common table, or another one with its meaning */
  constructor(code: ErrorCode | Meaning, { error, retryAfterMs, headers = {}, fields = {}, cause }: RefusalOptions = {}) {
    const meaning = typeof code === 'string' ? { code, ...ERROR_CODES[code] } : code
    super(error ?? meaning.text, { cause })
    this.meaning = meaning
    this.retryAfterMs = retryAfterMs ?? null
    this.headers = headers
    this.fields = fields
  }

  get code(): string {
    return this.meaning.code
  }

  get status(): number {
    return this.meaning.status
  }

  /** The body on the wire. */
  get body(): ErrorBody {
    const wait = this.retryAfterMs === null ? {} : { retryAfterMs: this.retryAfterMs }
    return refusalBody(this.meaning, { ...wait, ...this.fields, error: this.message })
  }
}
