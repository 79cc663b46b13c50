import * as z from '#z'

/** The tables whose rows clients see, and whose changes are published. */
export const TABLES = ['appointments', 'leads', 'sms_messages'] as const
export type TableName = (typeof TABLES)[number]
export const tableNameSchema = z.enum(TABLES)
