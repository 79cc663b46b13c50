import type { SyncChange } from '@org/contracts'
import type { Database, SqlRow } from '../database/Database.js'
import type { ChangeFeed, FeedListener } from './ChangeFeed.js'
import { renewIfVanished } from './renewIfVanished.js'
import type { SyncCursor } from './syncCursor.js'

export interface ChangeFeedOptions {
  /** How often to look for other writers' changes, in milliseconds. > 0. @default 200 */
  pollMs?: number
  /** Hears of failed reads and of listeners that throw; the feed goes on. */
  onError?: (error: unknown) => void
}

/** A change that exists, or the floor of the log. */
type Place = Omit<SyncCursor, 'seal'>

interface FeedPage extends SqlRow {
  page: ({ gone: false; changes: { tenant: string; change: SyncChange }[]; hasMore: boolean } & Place) | { gone: true; vanished: boolean }
}

/** Reads the change log of all organisations as it grows. */
export function createChangeFeed(database: Database, options: ChangeFeedOptions = {}): ChangeFeed {
  return new LogFeed(database, options)
}

class LogFeed implements ChangeFeed {
  readonly #database: Database
  readonly #pollMs: number
  readonly #onError: (error: unknown) => void
  readonly #listeners = new Set<FeedListener>()
  /** Where to read on; null until that is known. */
  #place: Place | null = null
  /** Listeners believe that they hear of everything, though the place was lost. */
  #owesGap = false
  #reading: Promise<void> | null = null
  #readAgain = false
  #started = false
  #timer: NodeJS.Timeout | undefined
  #stopListening = (): void => undefined

  constructor(database: Database, { pollMs = 200, onError = () => undefined }: ChangeFeedOptions) {
    this.#database = database
    this.#pollMs = pollMs
    this.#onError = onError
  }

  subscribe(onChanges: FeedListener['onChanges'], { onGap = () => undefined }: Partial<Pick<FeedListener, 'onGap'>> = {}): () => void {
    const listener = { onChanges, onGap }
    this.#listeners.add(listener)
    if (this.#started && this.#listeners.size === 1) this.#resume()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#rest()
    }
  }

  async start(): Promise<void> {
    if (this.#listeners.size > 0) {
      await this.#readPage()
      this.#watch()
    }
    this.#started = true
  }

  async close(): Promise<void> {
    this.#started = false
    this.#rest()
    await this.#reading
  }

  #watch(): void {
    this.#stopListening = this.#database.onCommit(() => this.#wake())
    this.#timer = setInterval(() => this.#wake(), this.#pollMs)
    this.#timer.unref()
  }

  #rest(): void {
    this.#stopListening()
    clearInterval(this.#timer)
    this.#place = null
  }

  #resume(): void {
    this.#owesGap = true
    this.#watch()
    this.#wake()
  }

  get #isActive(): boolean {
    return this.#started && this.#listeners.size > 0
  }

  // One reader at a time; a commit during a read asks for one more.
  #wake(): void {
    this.#readAgain = true
    if (this.#reading !== null || !this.#isActive) return
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
    while ((more || this.#readAgain) && this.#isActive) {
      this.#readAgain = false
      more = await this.#readPage()
    }
  }

  /** Reads and hands on one page; true when another one waits. */
  async #readPage(): Promise<boolean> {
    const from = this.#place
    const [row] = await this.#database.query<FeedPage>('select sync.read_feed($1, $2::xid8, $3::bigint, $4::bigint) as page', [
      from?.epoch ?? null,
      from?.xid ?? null,
      from?.seq ?? null,
      from?.at ?? null,
    ])
    // What was read from a place that was given up meanwhile is nobody's.
    if (row === undefined || this.#listeners.size === 0 || this.#place !== from) return false
    const { page } = row
    if (page.gone) return this.#leap(from, page.vanished)
    const { epoch, xid, seq, at } = page
    this.#place = { epoch, xid, seq, at }
    if (this.#owesGap) this.#tell(({ onGap }) => onGap())
    this.#owesGap = false
    if (page.changes.length > 0) this.#tell(({ onChanges }) => onChanges(page.changes))
    return page.hasMore
  }

  /** Goes on from where the log stands now. */
  async #leap(from: Place | null, vanished: boolean): Promise<boolean> {
    this.#owesGap = true
    if (from !== null && vanished) await renewIfVanished(this.#database, from)
    this.#place = null
    return true
  }

  #tell(what: (listener: FeedListener) => void): void {
    for (const listener of this.#listeners) {
      try {
        what(listener)
      } catch (error) {
        this.#onError(error)
      }
    }
  }
}
