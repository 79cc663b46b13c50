import type { EntityStore, StoreMark } from '../store/EntityStore.js'
import { describeError, type Report } from '../telemetry/report.js'
import type { Delivery, KnownRow } from './delivery.js'
import { changeOf, deletionOf, readChange } from './readChange.js'
import type { SnapshotLoader } from './snapshot.js'

/** Rows of one table that are read at most; those beyond are known only once they change. */
export const MOST_ROWS = 10_000

/** How far the rows of a table can be trusted to be all, and the newest. */
export interface Coverage {
  /** False: the table holds more than `MOST_ROWS`, or nothing reads it. */
  readonly isWhole: boolean
  /** True: the change log had a gap, and what some rows missed meanwhile could not be read. */
  readonly isOutdated: boolean
}

/** Reads all rows of tables, once at the start and again whenever the change log cannot bridge a gap. */
export interface RowReader {
  /** Null while the rows of `table` need reading; afterwards the change log keeps them true. */
  coverage(table: string): Coverage | null
  /** Never rejects. `busy`: a reading is under way, or the user changed meanwhile. */
  read(table: string, delivery: Delivery, signal: AbortSignal): Promise<'read' | 'failed' | 'busy'>
  /** The rows of all tables have to be read again, or of this one, if it was read. */
  readAgain(table?: string): void
  /** Another user: as if nothing had ever been read. */
  reset(): void
}

export interface RowReaderOptions {
  store: EntityStore
  report: Report
  snapshot: SnapshotLoader
}

/** How things stood when a reading began. */
interface Beginning {
  readonly mark: StoreMark
  readonly alive: ReadonlyMap<string, KnownRow>
}

/** Absent: never read. `again`: what was read is not to be trusted any more. */
type Standing = 'reading' | 'again' | 'reading again' | Coverage

export function createRowReader({ store, report, snapshot }: RowReaderOptions): RowReader {
  // A reading belongs to the map it began with: replacing the map makes all readings under way void.
  let tables = new Map<string, Standing>()

  /** Null when the reading became void. */
  async function readPages(pages: AsyncIterable<readonly unknown[]>, take: (page: readonly unknown[]) => readonly string[]) {
    const own = tables
    const seen = new Set<string>()
    let count = 0
    for await (const page of pages) {
      if (own !== tables) return null
      if (count >= MOST_ROWS) return { seen, isWhole: false }
      count += page.length
      for (const id of take(page)) seen.add(id)
    }
    return own === tables ? { seen, isWhole: true } : null
  }

  function removeUnseen(table: string, seen: ReadonlySet<string>, began: Beginning, delivery: Delivery): void {
    store.removeUnseen(table, seen, began.mark)
    for (const [id, before] of began.alive) {
      // Its true version is at least one above what was known, and whatever was told meanwhile is not older than that.
      if (!seen.has(id)) delivery.deliver(deletionOf(table, id, (before.version ?? -1) + 1))
    }
  }

  /** Rows that were not shown stay: they may be beyond what is read, or nothing reads them. */
  function partOf(table: string, known: readonly string[], seen?: ReadonlySet<string>): Coverage {
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

  /** Null when the reading became void. */
  async function readTable(table: string, delivery: Delivery, signal: AbortSignal, again: boolean): Promise<Coverage | null> {
    const pages = snapshot(table, signal)
    // Read for the first time, no row has missed anything.
    const known = again ? store.getRows(table).flatMap(({ base }) => base?.id ?? []) : []
    if (!pages) return partOf(table, known)
    const began: Beginning = { mark: store.mark(), alive: delivery.alive() }
    const reading = await readPages(pages, (page) => {
      store.ingest(table, page)
      return page.flatMap((row) => tell(table, row, delivery, again) ?? [])
    })
    if (!reading) return null
    if (!reading.isWhole) return partOf(table, known, reading.seen)
    if (again) removeUnseen(table, reading.seen, began, delivery)
    return { isWhole: true, isOutdated: false }
  }

  return {
    coverage: (table) => {
      const standing = tables.get(table)
      return typeof standing === 'object' ? standing : null
    },
    read: async (table, delivery, signal) => {
      const own = tables
      const before = own.get(table)
      if (before === 'reading' || before === 'reading again') return 'busy'
      const again = before === 'again'
      own.set(table, again ? 'reading again' : 'reading')
      try {
        const coverage = await readTable(table, delivery, signal, again)
        if (!coverage) return 'busy'
        own.set(table, coverage)
        return 'read'
      } catch (error) {
        if (own !== tables) return 'busy'
        if (again) own.set(table, 'again')
        else own.delete(table)
        report('SNAPSHOT_FAILED', `The rows of "${table}" could not be read; it will be tried again. ${describeError(error)}`, { table })
        return 'failed'
      }
    },
    readAgain: (table) => {
      if (table !== undefined) {
        if (typeof tables.get(table) === 'object') tables.set(table, 'again')
        return
      }
      const toldBefore = [...tables].filter(([, standing]) => standing !== 'reading')
      tables = new Map(toldBefore.map(([table]) => [table, 'again']))
    },
    reset: () => {
      tables = new Map()
    },
  }
}

/**
 * Tells or notes one row. Read for the first time, it is how things stood and no news; read again, whoever
 * subscribed has missed the changes in between and is told the newest state.
 */
function tell(table: string, row: unknown, delivery: Delivery, again: boolean): string | undefined {
  const reading = readChange(table, { eventType: 'UPDATE', new: row })
  if (reading.kind !== 'change') return undefined
  const { id, version } = reading.change.state
  const known = delivery.known(id)
  if (!again) delivery.note(id, version)
  else if (!known?.isAlive) delivery.deliver(changeOf(table, 'INSERT', reading.change.event.new!))
  else if (known.version === undefined || version > known.version) delivery.deliver(reading.change)
  return id
}
