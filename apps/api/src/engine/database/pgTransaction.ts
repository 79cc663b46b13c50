import type pg from 'pg'
import { withTraceComment } from '../telemetry/spans.js'
import type { OpenTransaction, SqlParameter } from './Database.js'
import { insideTransaction } from './insideTransaction.js'
import { asDatabaseError } from './pgError.js'
import { withTimeout } from './withTimeout.js'

/** Does `work` in a transaction on this connection and gives the connection back, or ends it where its state is not known. */
export async function transactionOn<T>(client: pg.PoolClient, work: (tx: OpenTransaction) => Promise<T>, timeoutMs: number): Promise<T> {
  // The pool listens to idle connections only, and an error that nobody hears ends this process.
  const ignore = () => undefined
  client.on('error', ignore)
  const handle = new Handle(client)
  let isClean = false
  try {
    await handle.run('begin isolation level read committed')
    const result = await insideTransaction(() => withTimeout(work(handle), timeoutMs))
    await handle.run('commit')
    isClean = true
    return result
  } catch (error) {
    isClean = await rolledBack(handle)
    throw error
  } finally {
    handle.close()
    client.off('error', ignore)
    client.release(!isClean)
  }
}

class Handle implements OpenTransaction {
  readonly #client: pg.PoolClient
  #isOpen = true
  #underWay = 0

  constructor(client: pg.PoolClient) {
    this.#client = client
  }

  /** Whether a statement has not come back yet: whatever is said now waits behind it. */
  get isBusy(): boolean {
    return this.#underWay > 0
  }

  async query<Row>(text: string, params: readonly SqlParameter[] = []): Promise<Row[]> {
    const { rows } = await this.run(text, params)
    return rows as Row[]
  }

  async run(text: string, params: readonly SqlParameter[] = []): Promise<pg.QueryResult> {
    // The connection is somebody else's by then.
    if (!this.#isOpen) throw new TypeError('This transaction has ended: a statement came after its effect had answered. Await each one.')
    this.#underWay += 1
    try {
      return await this.#client.query({ text: withTraceComment(text), values: [...params] })
    } catch (error) {
      throw asDatabaseError(error)
    } finally {
      this.#underWay -= 1
    }
  }

  close(): void {
    this.#isOpen = false
  }
}

function rolledBack(handle: Handle): Promise<boolean> {
  if (handle.isBusy) return Promise.resolve(false)
  return handle.run('rollback').then(
    () => true,
    () => false,
  )
}
