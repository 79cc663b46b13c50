import type pg from 'pg'
import { withTraceComment } from '../telemetry/spans.js'
import type { LedgerTransaction, SqlParameter } from './Database.js'
import { DatabaseUnavailableError } from './DatabaseError.js'
import { type Edge, EdgeQuery } from './EdgeQuery.js'
import { insideTransaction } from './insideTransaction.js'
import type { KeptStatements } from './KeptStatements.js'
import { asDatabaseError } from './pgError.js'
import type { Statement } from './Statement.js'
import { withTimeout } from './withTimeout.js'

const BEGIN = 'begin isolation level read committed'
const COMMIT = 'commit'

/** What a transaction is opened on. */
export interface TransactionPlace {
  client: pg.PoolClient
  /** Holds the statement that each begins with. */
  kept: KeptStatements
  /** For all of it: none of its statements has a limit of its own. */
  timeoutMs: number
}

/** Does `work` in a transaction on this connection and gives the connection back, or ends it where its state is not known. */
export async function transactionOn<T>(place: TransactionPlace, work: (tx: LedgerTransaction) => Promise<T>): Promise<T> {
  const { client, timeoutMs } = place
  // The pool listens to idle connections only, and an error that nobody hears ends this process.
  const ignore = () => undefined
  client.on('error', ignore)
  const handle = new Handle(place)
  let isClean = false
  try {
    const result = await insideTransaction(() => withTimeout(work(handle).then(handle.committed), timeoutMs, 'transaction'))
    isClean = true
    return result
  } catch (error) {
    const isBack = await withTimeout(handle.rolledBack(), timeoutMs).catch(() => false)
    // A server in trouble, or one that takes no writes any more: the next connection may be to another.
    isClean = isBack && !(error instanceof DatabaseUnavailableError)
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
  readonly #kept: KeptStatements
  #isOpen = true
  #isEnding = false
  #hasBegun = false
  #isCommitted = false
  #underWay = 0

  constructor({ client, kept }: TransactionPlace) {
    this.#client = client
    this.#kept = kept
  }

  query<Row>(text: string, params: readonly SqlParameter[] = []): Promise<Row[]> {
    if (this.#isEnding) return Promise.reject(tooLate())
    const send = () => this.#send(withTraceComment(text), ({ rows }) => rows as Row[], [...params])
    if (this.#hasBegun) return send()
    this.#hasBegun = true
    return this.#send(BEGIN, () => undefined).then(send)
  }

  first({ text, values }: Statement): Promise<string | null> {
    this.#hasBegun = true
    const traced = withTraceComment(text)
    const begin = (statement: pg.QueryConfig) => this.#edge({ ...statement, command: BEGIN, place: 'before', values: asTexts(values) })
    // With the place of a trace in it a text comes once.
    if (traced !== text) return begin({ text: traced })
    let isAgain = false
    return this.#kept.run({ text }, (statement) => {
      // Where the statement was lost, the transaction had begun for nothing.
      if (isAgain) return this.#rollBack().then(() => begin(statement))
      isAgain = true
      return begin(statement)
    })
  }

  // Not kept: where a pooler loses it, it is too late to begin again.
  last({ text, values }: Statement): Promise<string | null> {
    this.#isEnding = true
    return this.#edge({ text: withTraceComment(text), command: COMMIT, place: 'after', values: asTexts(values) }).then((value) => {
      this.#isCommitted = true
      return value
    })
  }

  /** Commits what is not committed yet, and hands the result on. */
  readonly committed = <T>(result: T): T | Promise<T> => (this.#hasBegun && !this.#isCommitted ? this.#send(COMMIT, () => result) : result)

  /** Whether the connection is as it was before. */
  rolledBack(): Promise<boolean> {
    if (!this.#hasBegun) return Promise.resolve(true)
    // A statement has not come back yet: whatever is said now waits behind it.
    if (this.#underWay > 0) return Promise.resolve(false)
    return this.#rollBack()
  }

  close(): void {
    this.#isOpen = false
  }

  #rollBack(): Promise<true> {
    return this.#send('rollback', () => true)
  }

  #edge(edge: Edge): Promise<string | null> {
    return this.#sent(() => this.#client.query(new EdgeQuery(edge)).answered)
  }

  // As text and values: given one object pg copies it property by property, which takes longer than to write it.
  #send<T>(text: string, read: (result: pg.QueryResult) => T, values?: SqlParameter[]): Promise<T> {
    return this.#sent(() => this.#client.query(text, values), read)
  }

  #sent<Result, T = Result>(send: () => Promise<Result>, read?: (result: Result) => T): Promise<T> {
    // The connection is somebody else's by then.
    if (!this.#isOpen) return Promise.reject(tooLate())
    this.#underWay += 1
    return send().then(
      (result) => {
        this.#underWay -= 1
        return read === undefined ? (result as unknown as T) : read(result)
      },
      (error) => {
        this.#underWay -= 1
        throw asDatabaseError(error)
      },
    )
  }
}

function asTexts(values: readonly SqlParameter[]): (string | null)[] {
  return values.map((value) => (value === null ? null : String(value)))
}

function tooLate(): TypeError {
  return new TypeError('This transaction has ended: a statement came after its effect had answered. Await each one.')
}
