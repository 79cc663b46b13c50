/** What an effect in TypeScript decided; made by `answer`, `reject` and `refuse`. */
export type EffectOutcome =
  | { kind: 'answer'; status: number; body: string }
  | { kind: 'reject' | 'refuse'; code: string; extra: Readonly<Record<string, unknown>> }

/** 202, 204 and 205 say something else than "done, and this is the answer". */
const NO_ANSWERS = [202, 204, 205]

/**
 * It is done: `body` is recorded beside the effect, and the same key gets the same bytes again.
 * @param body fields of the answer, as JSON; `success: true` is added
 * @throws {RangeError} when `status` is not 200 to 299, or 202, 204 or 205
 * @throws {TypeError} when `body` is no object of fields, or cannot be written as JSON
 */
export function answer(body: Readonly<Record<string, unknown>> = {}, { status = 200 }: { status?: number } = {}): EffectOutcome {
  requireFields('answer: the body', body)
  if (!(Number.isInteger(status) && status >= 200 && status < 300) || NO_ANSWERS.includes(status))
    throw new RangeError(`answer: the status must be 200 to 299, and not 202, 204 or 205; received ${status}`)
  return { kind: 'answer', status, body: JSON.stringify({ success: true, ...body }) }
}

/**
 * No, for good: everything the effect did is undone, and the same key gets the same no again. A code that promises another
 * outcome (`retryable: true`) is not recorded.
 * @param code of the action's `errorCodes` or `refusals`; one that nobody declared is 422, not retryable
 * @param extra further fields of the body; `error` replaces the code's text
 * @throws {TypeError} when the code is no text, `extra` no object of fields, or its `retryAfterMs` no number
 */
export function reject(code: string, extra: Readonly<Record<string, unknown>> = {}): EffectOutcome {
  return no('reject', code, extra)
}

/**
 * No, without a trace: everything the effect did is undone, its claim of the key included, so that the same key may succeed
 * later.
 * @param code as in `reject`
 * @param extra as in `reject`; `retryAfterMs` says when to come again
 * @throws {TypeError} as `reject`
 */
export function refuse(code: string, extra: Readonly<Record<string, unknown>> = {}): EffectOutcome {
  return no('refuse', code, extra)
}

/** Whether a value is what `answer`, `reject` or `refuse` made. */
export function isOutcome(value: unknown): value is EffectOutcome {
  const kind = (value as { kind?: unknown } | null | undefined)?.kind
  return kind === 'answer' || kind === 'reject' || kind === 'refuse'
}

function no(kind: 'reject' | 'refuse', code: string, extra: Readonly<Record<string, unknown>>): EffectOutcome {
  if (typeof code !== 'string' || code === '') throw new TypeError(`${kind}: the code must be a text, for example 'CREDIT_LIMIT'`)
  requireFields(`${kind}: what comes beside the code`, extra)
  const { retryAfterMs = 0 } = extra
  if (typeof retryAfterMs !== 'number' || Number.isNaN(retryAfterMs))
    throw new TypeError(`${kind}: retryAfterMs must be a number of milliseconds; received ${String(retryAfterMs)}`)
  return { kind, code, extra }
}

// What has no fields of its own would be recorded as an answer without them, for good.
function requireFields(what: string, value: unknown): void {
  if (typeof value === 'object' && value !== null && Object.prototype.toString.call(value) === '[object Object]') return
  const kind = value === null ? 'null' : Object.prototype.toString.call(value).slice(8, -1)
  throw new TypeError(`${what} must be an object of fields, and is ${kind}. Name the field it belongs to, and await a promise first.`)
}
