import { createHash } from 'node:crypto'
import type pg from 'pg'
import { sqlStateOf } from './DatabaseError.js'

/** Raised before a statement runs: there is none of this name on this connection, or there is one already. */
const FORGOTTEN = ['26000', '42P05']

/**
 * Statements that each connection keeps prepared, which saves planning them on each click. Between a transaction pooler's
 * connections they get lost, unless it carries them along: then all go as they are from there on.
 */
export class KeptStatements {
  readonly #names = new Map<string, string>()
  #areKept = true

  run<Result>(statement: pg.QueryConfig, send: (statement: pg.QueryConfig) => Promise<Result>): Promise<Result> {
    if (!this.#areKept) return send(statement)
    return send({ ...statement, name: this.#nameOf(statement.text) }).catch((error: unknown) => {
      if (!FORGOTTEN.includes(sqlStateOf(error) ?? '')) throw error
      this.#areKept = false
      return send(statement)
    })
  }

  // By its text: one that another process prepared on a pooler's connection is the same.
  #nameOf(text: string): string {
    const known = this.#names.get(text)
    if (known !== undefined) return known
    const name = `org_api_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`
    this.#names.set(text, name)
    return name
  }
}
