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

/** By its place in the code, which is the same array each time: put together anew, a text is read through wherever it is looked up. */
const texts = new WeakMap<TemplateStringsArray, string>()

/** Makes a statement; what is put in is a value, never text. */
export function statement(strings: TemplateStringsArray, ...values: SqlParameter[]): Statement {
  return { strings, values, text: textOf(strings) }
}

function textOf(strings: TemplateStringsArray): string {
  const known = texts.get(strings)
  if (known !== undefined) return known
  const text = strings.reduce((before, part, index) => `${before}$${index}${part}`)
  texts.set(strings, text)
  return text
}
