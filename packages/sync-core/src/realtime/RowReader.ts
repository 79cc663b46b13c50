import type { Clock } from '../ports/Clock.js'
import type { EntityStore, StoreMark } from '../store/EntityStore.js'
import { describeError, type Report } from '../telemetry/report.js'
import { eachInTime } from './eachInTime.js'
import { changeOf, deletionOf, readChange } from './readChange.js'
import { removeUnseen } from './reviseRows.js'
import type { KnownRow, Subscribers } from './Subscribers.js'
import { NotListed, type SnapshotLoader } from './snapshot.js'

/** Rows of one table that are read at most; those beyond are known only once they change. */
export const MOST_ROWS = 10_000

/** How far the rows of a table can be trusted to be all, and the newest. */
export interface Coverage {
  /** False: the table holds more than `MOST_ROWS`, or nothing reads it. */
  readonly isWhole: boolean
  /** True: the change log had a gap, and what some rows missed meanwhile could not be read. */
  readonly isOutdated: boolean
}

/** A page that takes longer will not come. Longer than a request with a new token in between may take. Milliseconds. */
const PAGE_LIMIT_MS = 90_000

export interface RowReaderOptions {
  clock: Clock
  store: EntityStore
  report: Report
  snapshot: SnapshotLoader
}

/** How things stood when a reading began. */
interface Beginning {
  readonly mark: StoreMark
  readonly alive: ReadonlyMap<string, KnownRow>
}

/** One table to be read, and who hears of it. */
interface Reading {
  readonly table: string
  readonly subscribers: Subscribers
  /** True: rows were read before, so whoever subscribed has missed something. */
  readonly isAgain: boolean
}

/** Absent: never read. `again`: what was read is not to be trusted any more. */
type Standing = 'reading' | 'again' | 'reading again' | Coverage

/** Reads all rows of tables, once at the start and again whenever the change log cannot bridge a gap. */
export class RowReader {
  readonly #options: RowReaderOptions
  /** A reading belongs to the map it began with: replacing the map makes all readings under way void. */
  #tables = new Map<string, Standing>()

  constructor(options: RowReaderOptions) {
    this.#options = options
  }

  /** Null while the rows of `table` need reading; afterwards the change log keeps them true. */
  coverage(table: string): Coverage | null {
    const standing = this.#tables.get(table)
    return typeof standing === 'object' ? standing : null
  }

  /** Never rejects. `busy`: a reading is under way, or the user changed meanwhile. */
  async read(table: string, subscribers: Subscribers, signal: AbortSignal): Promise<'read' | 'failed' | 'busy'> {
    const own = this.#tables
    const before = own.get(table)
    if (before === 'reading' || before === 'reading again') return 'busy'
    const isAgain = before === 'again'
    own.set(table, isAgain ? 'reading again' : 'reading')
    try {
      const coverage = await this.#readTable({ table, subscribers, isAgain }, signal)
      if (!coverage) return 'busy'
      own.set(table, coverage)
      return 'read'
    } catch (error) {
      if (own !== this.#tables) return 'busy'
      if (isAgain) own.set(table, 'again')
      else own.delete(table)
      const message = `The rows of "${table}" could not be read; it will be tried again. ${describeError(error)}`
      this.#options.report('SNAPSHOT_FAILED', message, { table })
      return 'failed'
    }
  }

  /** The rows of this table have to be read again, if they were read. */
  readAgain(table: string): void {
    if (this.coverage(table)) this.#tables.set(table, 'again')
  }

  /** The rows of all tables have to be read again. */
  readAllAgain(): void {
    const toldBefore = [...this.#tables].filter(([, standing]) => standing !== 'reading')
    this.#tables = new Map(toldBefore.map(([table]) => [table, 'again']))
  }

  /** Another user: as if nothing had ever been read. */
  reset(): void {
    this.#tables = new Map()
  }

  /** Null when the reading became void. */
  async #readTable(reading: Reading, signal: AbortSignal): Promise<Coverage | null> {
    const { store, snapshot, clock } = this.#options
    const { table, subscribers, isAgain } = reading
    const all = snapshot(table, signal)
    const pages = all && eachInTime(all, { clock, signal, limitMs: PAGE_LIMIT_MS })
    // Read for the first time, no row has missed anything.
    const known = isAgain ? store.getRows(table).flatMap(({ base }) => base?.id ?? []) : []
    if (!pages) return this.#partOf(table, known)
    const began: Beginning = { mark: store.mark(), alive: subscribers.alive() }
    const read = await this.#readPages(pages, (page) => {
      store.ingest(table, page)
      return page.flatMap((row) => tell(row, reading) ?? [])
    }).catch(unlessNotListed)
    if (read === 'not listed') return this.#partOf(table, known)
    if (!read) return null
    if (!read.isWhole) return this.#partOf(table, known, read.seen)
    if (isAgain) this.#removeUnseen(reading, read.seen, began)
    return { isWhole: true, isOutdated: false }
  }

  /** Null when the reading became void. */
  async #readPages(pages: AsyncIterable<readonly unknown[]>, take: (page: readonly unknown[]) => readonly string[]) {
    const own = this.#tables
    const seen = new Set<string>()
    let count = 0
    for await (const page of pages) {
      if (own !== this.#tables) return null
      if (count >= MOST_ROWS) return { seen, isWhole: false }
      count += page.length
      for (const id of take(page)) seen.add(id)
    }
    return own === this.#tables ? { seen, isWhole: true } : null
  }

  #removeUnseen({ table, subscribers }: Reading, seen: ReadonlySet<string>, began: Beginning): void {
    removeUnseen(this.#options.store, table, seen, began.mark)
    for (const [id, before] of began.alive) {
      // Its true version is at least one above what was known, and whatever was told meanwhile is not older than that.
      if (!seen.has(id)) subscribers.tell(deletionOf(table, id, (before.version ?? -1) + 1))
    }
  }

  /** Rows that were not shown stay: they may be beyond what is read, or nothing reads them. */
  #partOf(table: string, known: readonly string[], seen?: ReadonlySet<string>): Coverage {
    const { report } = this.#options
    const isOutdated = known.some((id) => !seen?.has(id))
    if (seen) {
      const message = `"${table}" has more than the ${MOST_ROWS} rows that are read; the others are known only once they change.`
      report('SNAPSHOT_TRUNCATED', message, { table, count: seen.size })
    } else if (isOutdated) {
      const message = `Rows of "${table}" may have missed changes that the log no longer holds, and nothing reads them again, so they stay stale until the page is loaded anew. Pass createSyncClient({ snapshot }).`
      report('SNAPSHOT_MISSING', message, { table })
    }
    return { isWhole: false, isOutdated }
  }
}

function unlessNotListed(error: unknown): 'not listed' {
  if (error instanceof NotListed) return 'not listed'
  throw error
}

/**
 * Tells or notes one row. Read for the first time, it is how things stood and no news; read again, whoever
 * subscribed has missed the changes in between and is told the newest state.
 */
function tell(row: unknown, { table, subscribers, isAgain }: Reading): string | undefined {
  const reading = readChange(table, { eventType: 'UPDATE', new: row })
  if (reading.kind !== 'change') return undefined
  const { id, version } = reading.change.state
  const known = subscribers.known(id)
  if (!isAgain) subscribers.note(id, version)
  else if (!known?.isAlive) subscribers.tell(changeOf(table, 'INSERT', reading.change.event.new!))
  else if (known.version === undefined || version > known.version) subscribers.tell(reading.change)
  return id
}
