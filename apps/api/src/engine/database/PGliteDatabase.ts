import { constants } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import type { PGlite } from '@electric-sql/pglite'
import { ConfigError } from '../config/ConfigError.js'
import { Listeners } from '../Listeners.js'
import { CONNECTION_NAME } from './connectionName.js'
import type { Database, LedgerTransaction, SqlParameter, SqlRow } from './Database.js'
import { DatabaseError, DatabaseUnavailableError, sqlStateOf } from './DatabaseError.js'
import type { DirectoryLock } from './DirectoryLock.js'
import { insideTransaction, refuseInsideTransaction } from './insideTransaction.js'
import { lockDirectory } from './lockDirectory.js'
import { isUnavailableState } from './pgError.js'
import type { LedgerRow, Statement } from './Statement.js'
import { withTimeout } from './withTimeout.js'

export interface PGliteOptions {
  /** A directory, made when absent, or ":memory:". */
  dataDirectory: string
  /** A dump to start from instead of an empty database; in memory only. */
  snapshot?: Blob
  /** Longest wait for one statement, in milliseconds. > 0. @default 15_000 */
  timeoutMs?: number
}

const BIGINT_OID = 20

/** Postgres in this process. One statement runs at a time; the others wait their turn. */
export class PGliteDatabase implements Database {
  readonly #commits = new Listeners()
  readonly #engine: PGlite
  readonly #lock: DirectoryLock | null
  readonly #timeoutMs: number
  #closing: Promise<void> | null = null

  private constructor(engine: PGlite, lock: DirectoryLock | null, timeoutMs: number) {
    this.#engine = engine
    this.#lock = lock
    this.#timeoutMs = timeoutMs
  }

  /**
   * Opens the data directory, which no other process may have open: two writers destroy each other's rows.
   * @throws {DatabaseError} DATA_DIRECTORY_IN_USE, DATA_DIRECTORY_UNUSABLE
   */
  static async open({ dataDirectory, snapshot, timeoutMs = 15_000 }: PGliteOptions): Promise<PGliteDatabase> {
    const inMemory = dataDirectory === ':memory:'
    if (!inMemory) await makeDirectory(dataDirectory)
    const lock = inMemory ? null : await lockDirectory(dataDirectory)
    try {
      return new PGliteDatabase(await startEngine(inMemory ? undefined : dataDirectory, snapshot), lock, timeoutMs)
    } catch (error) {
      await lock?.release()
      throw error
    }
  }

  async query<Row extends SqlRow>(text: string, params: readonly SqlParameter[] = []): Promise<Row[]> {
    const { rows } = await this.#run((engine) => engine.query<Row>(text, [...params]))
    return rows
  }

  async write<Row extends SqlRow>(text: string, params: readonly SqlParameter[] = []): Promise<Row[]> {
    const rows = await this.query<Row>(text, params)
    this.#commits.notify()
    return rows
  }

  // PGlite sends the whole text as one simple query, which Postgres runs as one transaction.
  async script(text: string): Promise<void> {
    await this.#run((engine) => engine.exec(text))
    this.#commits.notify()
  }

  async transaction<T>(work: (tx: LedgerTransaction) => Promise<T>): Promise<T> {
    const result = await this.#run((engine) =>
      // It rolls back by itself, and refuses what comes through `tx` afterwards.
      engine.transaction((tx) =>
        insideTransaction(() =>
          withTimeout(
            work(inProcess((text, params = []) => tx.query(text, [...params]).then(({ rows }) => rows as never))),
            this.#timeoutMs,
            'transaction',
          ),
        ),
      ),
    )
    this.#commits.notify()
    return result
  }

  onCommit(listener: () => void): () => void {
    return this.#commits.add(listener)
  }

  // Its one connection takes a turn after the others, so a long line of statements is waited for.
  async answers(limitMs: number): Promise<boolean> {
    return withTimeout(this.query('select 1'), limitMs).then(
      () => true,
      () => false,
    )
  }

  /** A dump of all files, to start tests from: as they are, since unpacking would take a third of each start. */
  dump(): Promise<Blob> {
    return this.#engine.dumpDataDir('none')
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #run<T>(work: (engine: PGlite) => Promise<T>): Promise<T> {
    refuseInsideTransaction()
    if (this.#closing !== null) throw closedError()
    try {
      return await withTimeout(work(this.#engine), this.#timeoutMs)
    } catch (error) {
      throw this.#asDatabaseError(error)
    }
  }

  #asDatabaseError(error: unknown): unknown {
    const state = sqlStateOf(error)
    // The engine's own word for it is a plain error, also to what was under way when it closed.
    if (state === null) return this.#engine.closed ? closedError(error) : error
    if (!isUnavailableState(state)) return error
    return new DatabaseUnavailableError('The embedded database could not carry this out now. It is safe to try again.', { cause: error })
  }

  async #close(): Promise<void> {
    try {
      await this.#engine.close()
    } finally {
      await this.#lock?.release()
    }
  }
}

/** There is no way to save: each statement is a call. */
function inProcess(query: LedgerTransaction['query']): LedgerTransaction {
  const run = ({ text, values }: Statement) => query<LedgerRow>(text, values).then(([row]) => row?.answer ?? null)
  return { query, first: run, last: run }
}

function whyNotLoaded(error: unknown): unknown {
  if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') return error
  return new ConfigError(
    'DATABASE_URL is not set, and the embedded database that stands in for it needs the package "@electric-sql/pglite", which is not installed. Set DATABASE_URL, or install it (npm install @electric-sql/pglite).',
  )
}

async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
    await access(path, constants.W_OK)
  } catch (cause) {
    throw new DatabaseError(
      'DATA_DIRECTORY_UNUSABLE',
      `The embedded database cannot keep its files in ${path} (${(cause as NodeJS.ErrnoException).code}). Set DATA_DIR to a directory that this user may write to, or DATABASE_URL.`,
      { cause },
    )
  }
}

function closedError(cause?: unknown): DatabaseUnavailableError {
  return new DatabaseUnavailableError('The embedded database was closed; this process is ending.', { cause })
}

async function startEngine(dataDirectory: string | undefined, snapshot: Blob | undefined): Promise<PGlite> {
  // Loaded only when used: a deployment with DATABASE_URL need not carry 27 MB of WebAssembly in memory.
  const { PGlite } = await import('@electric-sql/pglite').catch((error: unknown) => {
    throw whyNotLoaded(error)
  })
  const engine = await PGlite.create({
    ...(dataDirectory === undefined ? {} : { dataDir: dataDirectory }),
    ...(snapshot === undefined ? {} : { loadDataDir: snapshot }),
    parsers: { [BIGINT_OID]: (text) => text },
  })
  await engine.query("select set_config('application_name', $1, false)", [CONNECTION_NAME])
  return engine
}
