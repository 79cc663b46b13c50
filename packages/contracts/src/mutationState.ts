import * as z from '#z'

/**
 * GET /api/mutations/:key and POST /api/mutations/:key/resolve: what stands for a key of one's own.
 * `recorded` carries the answer as it was first given (`body` is its text).
 */
export const mutationStateSchema = z.looseObject({
  key: z.string(),
  state: z.enum(['recorded', 'pending', 'abandoned', 'unknown']),
  status: z.optional(z.number()),
  body: z.optional(z.string()),
})
export type MutationStateAnswer = z.infer<typeof mutationStateSchema>
