import type { MutationPhase } from '@org/sync-core'

/** Where a click is to be, and what the server says in it. */
export interface PhaseSetting {
  phase: MutationPhase
  /** Fields of the server's answer, over the ordinary ones of that phase. */
  answer?: Readonly<Record<string, unknown>>
  /** Of `error`: a refusal of the contracts, or of the action's own. @default "EFFECT_REFUSED" */
  code?: string
  /** Of `retrying`: the attempt under way. From 2. @default 2 */
  attempt?: number
}
