import type { SqlParameter } from './Database.js'

/** One statement of the ledger's, in both ways in which libraries take one. */
export interface Statement {
  /** With `$1`, `$2` … for the values, in their order. */
  text: string
  values: SqlParameter[]
  /** The text around the values, for libraries with a `sql` tag: `sql(strings, ...values)`. */
  strings: TemplateStringsArray
}

/** Makes a statement; what is put in is a value, never text. */
export function statement(strings: TemplateStringsArray, ...values: SqlParameter[]): Statement {
  return { strings, values, text: strings.reduce((text, part, index) => `${text}$${index}${part}`) }
}
