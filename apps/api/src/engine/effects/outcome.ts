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
 * @throws {TypeError} when `body` cannot be written as JSON
 */
export function answer(body: Readonly<Record<string, unknown>> = {}, { status = 200 }: { status?: number } = {}): EffectOutcome {
  if (!(Number.isInteger(status) && status >= 200 && status < 300) || NO_ANSWERS.includes(status))
    throw new RangeError(`answer: the status must be 200 to 299, and not 202, 204 or 205; received ${status}`)
  return { kind: 'answer', status, body: JSON.stringify({ success: true, ...body }) }
}

/**
 * No, for good: everything the effect did is undone, and the same key gets the same no again. A code that promises another
 * outcome (`retryable: true`) is not recorded.
 * @param code of the action's `errorCodes` or `refusals`; one that nobody declared is 422, not retryable
 * @param extra further fields of the body; `error` replaces the code's text
 */
export function reject(code: string, extra: Readonly<Record<string, unknown>> = {}): EffectOutcome {
  return { kind: 'reject', code, extra }
}

/**
 * No, without a trace: everything the effect did is undone, its claim of the key included, so that the same key may succeed
 * later.
 * @param code as in `reject`
 * @param extra as in `reject`; `retryAfterMs` says when to come again
 */
export function refuse(code: string, extra: Readonly<Record<string, unknown>> = {}): EffectOutcome {
  return { kind: 'refuse', code, extra }
}
