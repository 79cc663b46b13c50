import { ERROR_CODES, type ErrorCode, errorBody } from '@org/contracts'

export interface RefusalOptions {
  /** Replaces the code's own text, for people. */
  error?: string
  retryAfterMs?: number
  /** Further headers of the answer. @default none */
  headers?: Record<string, string>
  /** Further fields of the body. */
  fields?: Record<string, unknown>
  cause?: unknown
}

/** An answer that says no: thrown anywhere before the service, sent by `refusalAnswer`. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: ErrorCode
  readonly retryAfterMs: number | null
  readonly headers: Record<string, string>
  readonly fields: Record<string, unknown>

  constructor(code: ErrorCode, { error, retryAfterMs, headers = {}, fields = {}, cause }: RefusalOptions = {}) {
    super(error ?? ERROR_CODES[code].text, { cause })
    this.code = code
    this.retryAfterMs = retryAfterMs ?? null
    this.headers = headers
    this.fields = fields
  }

  get status(): number {
    return ERROR_CODES[this.code].status
  }

  /** The body on the wire. */
  get body(): object {
    const wait = this.retryAfterMs === null ? {} : { retryAfterMs: this.retryAfterMs }
    return errorBody(this.code, { error: this.message, ...wait, ...this.fields })
  }
}
