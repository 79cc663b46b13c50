import * as z from '#z'

/** The body of every refusal. Tolerant on purpose: a client accepts codes and fields it does not know yet. */
export const errorBodySchema = z.looseObject({
  success: z.literal(false),
  error: z.string(),
  code: z.optional(z.string()),
  retryable: z.optional(z.boolean()),
  retryAfterMs: z.optional(z.number()),
})

export type ErrorBody = z.infer<typeof errorBodySchema>
