import type { Database, SqlRow } from '../database/Database.js'

/** What outlives this process: one replica's newest change, for the next one that starts. */
export interface HistoryMemory {
  /** Null when nothing was written yet. */
  read(): Promise<string | null>
  write(change: string): Promise<void>
}

export interface HistoryWatchOptions {
  database: Database
  /** Null: only what this process has seen itself. */
  memory: HistoryMemory | null
  /** The database was put back to an earlier state; clients were told to read all rows again. */
  onRewritten: () => void
  /** The memory cannot be reached; the watch goes on without it. */
  onMemoryError: (error: unknown) => void
}

interface Look extends SqlRow {
  vanished: boolean
  newest: string | null
}

/**
 * Notices a database that was put back to an earlier state under our feet, which leaves no trace inside it
 * when a disk snapshot was restored: the newest change anyone saw must still be in the log.
 */
export class HistoryWatch {
  readonly #options: HistoryWatchOptions
  #seen: string | null = null
  #recalled: boolean

  constructor(options: HistoryWatchOptions) {
    this.#options = options
    this.#recalled = options.memory === null
  }

  /** Looks once. Call it every few seconds, one after the other. */
  async look(): Promise<void> {
    const { database, onRewritten } = this.#options
    if (!this.#recalled) await this.#recall()
    const [look] = await database.query<Look>('select sync.has_vanished($1::jsonb) as vanished, sync.newest_change()::text as newest', [
      this.#seen,
    ])
    if (look?.vanished) {
      const [row] = await database.write<{ renewed: boolean } & SqlRow>('select sync.renew_if_vanished($1::jsonb) as renewed', [this.#seen])
      if (row?.renewed) onRewritten()
      this.#seen = null
      return
    }
    await this.#remember(look?.newest ?? null)
  }

  async #recall(): Promise<void> {
    const { memory, onMemoryError } = this.#options
    try {
      const recalled = (await memory?.read()) ?? null
      this.#seen ??= recalled
      this.#recalled = true
    } catch (error) {
      onMemoryError(error)
    }
  }

  // Nothing is written over a memory that could not be read yet: it may be the only witness.
  async #remember(newest: string | null): Promise<void> {
    const { memory, onMemoryError } = this.#options
    if (newest === null || newest === this.#seen) return
    this.#seen = newest
    if (this.#recalled) await memory?.write(newest).catch(onMemoryError)
  }
}
