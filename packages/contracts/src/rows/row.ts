import * as z from '#z'

/** The tables whose rows clients see, and whose changes are published. */
export const TABLES = ['appointments', 'leads', 'sms_messages'] as const
export type TableName = (typeof TABLES)[number]
export const tableNameSchema = z.enum(TABLES)

/**
 * A column as our own tables have it: typed and documented, never required. A team's mapped table may lack it, and a newer
 * server may hold values that no list here knows; neither makes an answer or a row unreadable.
 */
export function column<S>(schema: S): S {
  return z.optional(z.union([schema as never, z.unknown()])) as unknown as S
}

/**
 * Columns every row has. `version` grows by one with each write and alone decides which of two
 * states is newer; `updated_by` and `last_mutation_key` say who wrote it and with which click
 * (both null when no mutation did).
 * Checked is what a client uses: `id`, and `version` where there is one.
 */
export const rowColumns = {
  id: z.string(),
  org_id: column(z.string()),
  version: versionColumn(),
  updated_by: column(z.nullable(z.string())),
  updated_at: column(z.string()),
  last_mutation_key: column(z.nullable(z.string())),
}

// Ours have one; the guide's own bodies and a server of the team's may not. What is there must be a number.
function versionColumn() {
  const version = z.number()
  return z.optional(version) as unknown as typeof version
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
