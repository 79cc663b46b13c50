import type * as z from '#z'
import type { TableName } from './tables.js'

/** Columns that a team's tables have besides ours: declared once, by merging, and typed wherever a row is handed on. */
// biome-ignore lint/suspicious/noEmptyInterface: there for teams to add to
export interface OwnColumns {}

/**
 * A row as the compiler sees it: the columns of a shape, and a team's own of that table. What else a row holds is handed on all
 * the same; no type names it, so that a misspelt column does not compile.
 */
export type Row<Columns, Table extends TableName> = Flat<{ [Column in keyof Columns]: z.infer<Columns[Column]> } & OwnIn<Table>>

type OwnIn<Table extends TableName> = OwnColumns extends { [Name in Table]: infer Columns } ? Columns : unknown
type Flat<T> = { [Key in keyof T]: T[Key] }
