import type { ErrorBody } from './errorBodySchema.js'
import { ERROR_CODES, type ErrorCode } from './errorCodes.js'

/**
 * Composes the body of a refusal from the code table.
 * @param extra fields beside the common ones, for example `retryAfterMs` or the current row of a conflict
 */
export function errorBody(code: ErrorCode, extra: Record<string, unknown> & { error?: string } = {}): ErrorBody {
  const entry = ERROR_CODES[code]
  return { success: false, error: entry.text, code, retryable: entry.retryable, ...extra }
}
