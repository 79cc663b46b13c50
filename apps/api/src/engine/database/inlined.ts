import { escapeLiteral } from 'pg'
import type { SqlParameter } from './Database.js'
import type { Statement } from './Statement.js'

/** Whether a statement can be written with its values in it: a text with NUL ends where that is. */
export function isInlinable({ values }: Statement): boolean {
  return !values.some((value) => typeof value === 'string' && value.includes('\0'))
}

/** A statement with its values as literals, for the one protocol in which several statements travel together. */
export function inlined({ strings, values }: Statement): string {
  return strings.reduce((text, part, index) => text + literal(values[index - 1] ?? null) + part)
}

function literal(value: SqlParameter): string {
  return typeof value === 'string' ? escapeLiteral(value) : String(value)
}
