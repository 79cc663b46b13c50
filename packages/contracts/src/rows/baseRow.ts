import * as z from '#z'

/** The least a row must have to be stored and merged by version; further columns pass through. */
export const baseRowSchema = z.looseObject({ id: z.string(), version: z.number() })

/** A full row of any table, the built-in ones or a team's own. */
export interface BaseRow {
  readonly id: string
  readonly version: number
  readonly updated_by?: string | null
  readonly last_mutation_key?: string | null
  readonly [column: string]: unknown
}
