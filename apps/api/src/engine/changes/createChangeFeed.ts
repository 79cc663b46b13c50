import type { SyncChange } from '@org/contracts'
import type { Database, SqlRow } from '../database/Database.js'
import type { ChangeFeed, TenantChange } from './ChangeFeed.js'

export interface ChangeFeedOptions {
  /** How often to look for other writers' changes, in milliseconds. > 0. @default 200 */
  pollMs?: number
  /** Hears of failed reads and of listeners that throw; the feed goes on. */
  onError?: (error: unknown) => void
}

type Listener = (changes: readonly TenantChange[]) => void

interface FeedPage extends SqlRow {
  page: { changes: { tenant: string; change: SyncChange }[]; xid: string; seq: string; hasMore: boolean }
}

/** Reads the change log of all organisations as it grows. */
export function createChangeFeed(database: Database, options: ChangeFeedOptions = {}): ChangeFeed {
  return new LogFeed(database, options)
}

class LogFeed implements ChangeFeed {
  readonly #database: Database
  readonly #pollMs: number
  readonly #onError: (error: unknown) => void
  readonly #listeners = new Set<Listener>()
  /** Where to read on; null before the start. */
  #place: { xid: string; seq: string } | null = null
  #reading: Promise<void> | null = null
  #readAgain = false
  #closed = false
  #timer: NodeJS.Timeout | undefined
  #stopListening = (): void => undefined

  constructor(database: Database, { pollMs = 200, onError = () => undefined }: ChangeFeedOptions) {
    this.#database = database
    this.#pollMs = pollMs
    this.#onError = onError
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async start(): Promise<void> {
    await this.#readPage()
    this.#stopListening = this.#database.onCommit(() => this.#wake())
    this.#timer = setInterval(() => this.#wake(), this.#pollMs)
    this.#timer.unref()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#stopListening()
    clearInterval(this.#timer)
    await this.#reading
  }

  // One reader at a time; a commit during a read asks for one more.
  #wake(): void {
    this.#readAgain = true
    if (this.#reading !== null || this.#closed || this.#place === null) return
    this.#reading = this.#readAll()
      .catch(this.#onError)
      .finally(() => {
        this.#reading = null
        // A commit between the last look and here.
        if (this.#readAgain) this.#wake()
      })
  }

  async #readAll(): Promise<void> {
    let more = true
    while ((more || this.#readAgain) && !this.#closed) {
      this.#readAgain = false
      more = await this.#readPage()
    }
  }

  /** Reads and hands on one page; true when another one waits. */
  async #readPage(): Promise<boolean> {
    const params = [this.#place?.xid ?? null, this.#place?.seq ?? null]
    const [row] = await this.#database.query<FeedPage>('select sync.read_feed($1::xid8, $2::bigint) as page', params)
    if (row === undefined || this.#closed) return false
    const { changes, xid, seq, hasMore } = row.page
    this.#place = { xid, seq }
    if (changes.length > 0) for (const listener of this.#listeners) this.#tell(listener, changes)
    return hasMore
  }

  #tell(listener: Listener, changes: readonly TenantChange[]): void {
    try {
      listener(changes)
    } catch (error) {
      this.#onError(error)
    }
  }
}
