import type { SqlParameter, SqlRow } from './Database.js'

/** One statement of the ledger's, in both ways in which libraries take one. */
export interface Statement {
  /** With `$1`, `$2` … for the values, in their order. */
  text: string
  values: SqlParameter[]
  /** The text around the values, for libraries with a `sql` tag: `sql(strings, ...values)`. */
  strings: TemplateStringsArray
}

/** What a statement of the ledger's gives: one row of one text. */
export interface LedgerRow extends SqlRow {
  answer: string | null
}

/** Makes a statement; what is put in is a value, never text. */
export function statement(strings: TemplateStringsArray, ...values: SqlParameter[]): Statement {
  return { strings, values, text: strings.reduce((text, part, index) => `${text}$${index}${part}`) }
}
