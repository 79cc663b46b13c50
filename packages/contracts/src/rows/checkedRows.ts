/*
 * What a browser checks of the rows in an answer: `id`, and `version` where there is one. Their columns are documented, and
 * never required, so listing them here would refuse nothing and be downloaded with every page.
 */
import * as z from '#z'
import type * as documented from './documentedRows.js'

const row: unknown = z.looseObject({ id: z.string(), version: z.optional(z.number()) })

export const appointmentRowSchema = row as typeof documented.appointmentRowSchema
export const leadRowSchema = row as typeof documented.leadRowSchema
export const smsMessageRowSchema = row as typeof documented.smsMessageRowSchema
export const smsAnswerSchema = row as typeof documented.smsAnswerSchema

/** Documented for who writes the action, never required. */
export function column<S>(_schema: S): S {
  return z.optional(z.unknown()) as unknown as S
}
