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
    if (handle.mustCommit) await handle.commit()
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

// Few promises: this runs on each click, and wherever something follows a request through them, each one costs.
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

  query<Row>(text: string, params: readonly SqlParameter[] = []): Promise<Row[]> {
    if (this.#isEnding) return Promise.reject(tooLate())
    const send = () => this.#send(withTraceComment(text), ({ rows }) => rows as Row[], [...params])
    if (this.#hasBegun) return send()
    this.#hasBegun = true
    return this.#send(BEGIN, () => undefined).then(send)
  }

  first(statement: Statement): Promise<SqlRow[]> {
    if (!isInlinable(statement)) return this.query(statement.text, statement.values)
    this.#hasBegun = true
    return this.#together([BEGIN, inlined(statement)], ([, result]) => result?.rows ?? [])
  }

  last(statement: Statement): Promise<SqlRow[]> {
    if (!isInlinable(statement)) return this.query(statement.text, statement.values)
    this.#isEnding = true
    return this.#together([inlined(statement), COMMIT], ([result]) => {
      this.#isCommitted = true
      return result?.rows ?? []
    })
  }

  get mustCommit(): boolean {
    return this.#hasBegun && !this.#isCommitted
  }

  commit(): Promise<void> {
    return this.#send(COMMIT, () => undefined)
  }

  /** Whether the connection is as it was before. */
  rolledBack(): Promise<boolean> {
    if (!this.#hasBegun) return Promise.resolve(true)
    // A statement has not come back yet: whatever is said now waits behind it.
    if (this.#underWay > 0) return Promise.resolve(false)
    return this.#send('rollback', () => true).catch(() => false)
  }

  close(): void {
    this.#isOpen = false
  }

  // As one simple query, of which Postgres leaves the rest out where one fails.
  #together<T>(texts: string[], read: (results: pg.QueryResult[]) => T): Promise<T> {
    return this.#send(withTraceComment(texts.join('; ')), (results) => read(results as unknown as pg.QueryResult[]))
  }

  // As text and values: given one object pg copies it property by property, which takes longer than to write it.
  #send<T>(text: string, read: (result: pg.QueryResult) => T, values?: SqlParameter[]): Promise<T> {
    // The connection is somebody else's by then.
    if (!this.#isOpen) return Promise.reject(tooLate())
    this.#underWay += 1
    return this.#client.query(text, values).then(
      (result) => {
        this.#underWay -= 1
        return read(result)
      },
      (error) => {
        this.#underWay -= 1
        throw asDatabaseError(error)
      },
    )
  }
}

function tooLate(): TypeError {
  return new TypeError('This transaction has ended: a statement came after its effect had answered. Await each one.')
}
