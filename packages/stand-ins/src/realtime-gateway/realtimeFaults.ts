import * as z from 'zod'

const LONGEST_MS = 10 * 60_000

/** The fault plan as it is written; everything is optional. */
export const realtimeFaultsSchema = z.strictObject({
  dropRate: z.number().min(0).max(1).optional(),
  delayMs: z.number().min(0).max(LONGEST_MS).optional(),
  disconnect: z.boolean().optional(),
  silent: z.boolean().optional(),
  lateSystemMs: z.number().min(0).max(LONGEST_MS).optional(),
  expireTokens: z.boolean().optional(),
  down: z.boolean().optional(),
})
export type RealtimeFaultsInput = z.infer<typeof realtimeFaultsSchema>

/** Scripted failures of the realtime gateway. */
export interface RealtimeFaults {
  /** Share of changes lost, drawn for each channel, 0 to 1. @default 0 */
  dropRate: number
  /** Changes arrive this much later, in order. Milliseconds. @default 0 */
  delayMs: number
  /** Cuts every socket once, when the plan is set; they may connect again at once. @default false */
  disconnect: boolean
  /** Joins and heartbeats are answered, nothing else is ever sent. @default false */
  silent: boolean
  /** "Subscribed to PostgreSQL" comes this much later than usual; changes flow only after it. Milliseconds. @default 0 */
  lateSystemMs: number
  /** Tokens in use when the plan is set count as expired from then on; a fresh one is good. @default false */
  expireTokens: boolean
  /** Cuts every socket and refuses new ones with 503. @default false */
  down: boolean
}

/** Fills in the defaults. */
export function resolveRealtimeFaults(input: RealtimeFaultsInput = {}): RealtimeFaults {
  return {
    dropRate: input.dropRate ?? 0,
    delayMs: input.delayMs ?? 0,
    disconnect: input.disconnect ?? false,
    silent: input.silent ?? false,
    lateSystemMs: input.lateSystemMs ?? 0,
    expireTokens: input.expireTokens ?? false,
    down: input.down ?? false,
  }
}
