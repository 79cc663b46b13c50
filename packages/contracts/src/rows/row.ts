import * as z from '#z'

/** The tables whose rows clients see, and whose changes are published. */
export const TABLES = ['appointments', 'leads', 'sms_messages'] as const
export type TableName = (typeof TABLES)[number]
export const tableNameSchema = z.enum(TABLES)

/**
 * Columns every row has. `version` grows by one with each write and alone decides which of two
 * states is newer; `updated_by` and `last_mutation_key` say who wrote it and with which click
 * (both null when no mutation did).
 */
export const rowColumns = {
  id: z.string(),
  org_id: z.string(),
  version: z.number(),
  updated_by: z.nullable(z.string()),
  updated_at: z.string(),
  last_mutation_key: z.nullable(z.string()),
}

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
