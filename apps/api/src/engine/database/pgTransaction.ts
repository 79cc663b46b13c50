import type pg from 'pg'
import { withTraceComment } from '../telemetry/spans.js'
import type { LedgerTransaction, SqlParameter, SqlRow } from './Database.js'
import { inlined, isInlinable } from './inlined.js'
import { insideTransaction } from './insideTransaction.js'
import { asDatabaseError } from './pgError.js'
import type { Statement } from './Statement.js'
import { withTimeout } from './withTimeout.js'

const BEGIN = 'begin isolation level read committed'
const COMMIT = 'commit'

/** Does `work` in a transaction on this connection and gives the connection back, or ends it where its state is not known. */
export async function transactionOn<T>(client: pg.PoolClient, work: (tx: LedgerTransaction) => Promise<T>, timeoutMs: number): Promise<T> {
  // The pool listens to idle connections only, and an error that nobody hears ends this process.
  const ignore = () => undefined
  client.on('error', ignore)
  const handle = new Handle(client)
  let isClean = false
  try {
    const result = await insideTransaction(() => withTimeout(work(handle), timeoutMs))
    await handle.commit()
    isClean = true
    return result
  } catch (error) {
    isClean = await handle.rolledBack()
    throw error
  } finally {
    handle.close()
    client.off('error', ignore)
    client.release(!isClean)
  }
}

class Handle implements LedgerTransaction {
  readonly #client: pg.PoolClient
  #isOpen = true
  #isEnding = false
  #hasBegun = false
  #isCommitted = false
  #underWay = 0

  constructor(client: pg.PoolClient) {
    this.#client = client
  }

  async query<Row>(text: string, params: readonly SqlParameter[] = []): Promise<Row[]> {
    if (this.#isEnding) throw tooLate()
    await this.#begin()
    const { rows } = await this.#send({ text: withTraceComment(text), values: [...params] })
    return rows as Row[]
  }

  async first(statement: Statement): Promise<SqlRow[]> {
    if (!isInlinable(statement)) return this.query(statement.text, statement.values)
    this.#hasBegun = true
    const [, result] = await this.#together(BEGIN, inlined(statement))
    return result?.rows ?? []
  }

  async last(statement: Statement): Promise<SqlRow[]> {
    if (!isInlinable(statement)) return this.query(statement.text, statement.values)
    this.#isEnding = true
    const [result] = await this.#together(inlined(statement), COMMIT)
    this.#isCommitted = true
    return result?.rows ?? []
  }

  async commit(): Promise<void> {
    if (this.#hasBegun && !this.#isCommitted) await this.#send({ text: COMMIT })
  }

  /** Whether the connection is as it was before. */
  rolledBack(): Promise<boolean> {
    if (!this.#hasBegun) return Promise.resolve(true)
    // A statement has not come back yet: whatever is said now waits behind it.
    if (this.#underWay > 0) return Promise.resolve(false)
    return this.#send({ text: 'rollback' }).then(
      () => true,
      () => false,
    )
  }

  close(): void {
    this.#isOpen = false
  }

  async #begin(): Promise<void> {
    if (this.#hasBegun) return
    this.#hasBegun = true
    await this.#send({ text: BEGIN })
  }

  // As one simple query, of which Postgres leaves the rest out where one fails.
  async #together(...texts: string[]): Promise<pg.QueryResult[]> {
    const results: unknown = await this.#send({ text: withTraceComment(texts.join('; ')) })
    return results as pg.QueryResult[]
  }

  async #send(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    // The connection is somebody else's by then.
    if (!this.#isOpen) throw tooLate()
    this.#underWay += 1
    try {
      return await this.#client.query(statement)
    } catch (error) {
      throw asDatabaseError(error)
    } finally {
      this.#underWay -= 1
    }
  }
}

function tooLate(): TypeError {
  return new TypeError('This transaction has ended: a statement came after its effect had answered. Await each one.')
}
