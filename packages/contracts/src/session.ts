import * as z from '#z'

/** GET /api/session: who the caller is. */
export const sessionSchema = z.looseObject({ actor: z.string(), tenant: z.string() })
export type Session = z.infer<typeof sessionSchema>
