import * as z from '#z'
import { baseRowSchema } from './rows/baseRow.js'

/**
 * One committed row change, the same from realtime and from catch-up. `new` is the full row
 * (null for DELETE); `old` holds the key only; `version` is the row's, tombstones included.
 */
export const syncChangeSchema = z.looseObject({
  table: z.string(),
  eventType: z.enum(['INSERT', 'UPDATE', 'DELETE']),
  new: z.nullable(baseRowSchema),
  old: z.nullable(z.looseObject({ id: z.string() })),
  version: z.number(),
})

export type SyncChange = z.infer<typeof syncChangeSchema>

/** GET /api/sync/changes: without `since`, an empty page and a first cursor. */
export const syncChangesPageSchema = z.looseObject({
  changes: z.array(syncChangeSchema),
  /** Opaque. Pass it as `since` next time. */
  next: z.string(),
  hasMore: z.boolean(),
  /** How far behind the log may be because of an open transaction. Above 10,000 the data counts as stale. */
  horizonLagMs: z.number(),
  /** Changes when the database was restored or replaced: base rows must then be read again. */
  epoch: z.string(),
})

export type SyncChangesPage = z.infer<typeof syncChangesPageSchema>

/** 410 CURSOR_GONE: read all rows again, then catch up from a new cursor. */
export const cursorGoneSchema = z.looseObject({ code: z.literal('CURSOR_GONE'), mustRefetch: z.literal(true), epoch: z.string() })
