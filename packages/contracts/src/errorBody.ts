import * as z from '#z'
import { ERROR_CODES, type ErrorCode } from './errorCodes.js'

/** The body of every refusal. Tolerant on purpose: a client accepts codes and fields it does not know yet. */
export const errorBodySchema = z.looseObject({
  success: z.literal(false),
  error: z.string(),
  code: z.optional(z.string()),
  retryable: z.optional(z.boolean()),
  retryAfterMs: z.optional(z.number()),
})

export type ErrorBody = z.infer<typeof errorBodySchema>

/**
 * Composes the body of a refusal from the code table.
 * @param extra fields beside the common ones, for example `retryAfterMs` or the current row of a conflict
 */
export function errorBody(code: ErrorCode, extra: Record<string, unknown> & { error?: string } = {}): ErrorBody {
  const entry = ERROR_CODES[code]
  return { success: false, error: entry.text, code, retryable: entry.retryable, ...extra }
}
