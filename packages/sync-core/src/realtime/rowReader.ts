import type { EntityStore, StoreMark } from '../store/EntityStore.js'
import { describeError, type Report } from '../store/report.js'
import type { Delivery, KnownRow } from './delivery.js'
import { changeOf, deletionOf, readChange } from './readChange.js'
import type { SnapshotLoader } from './snapshot.js'

/** Reads all rows of tables, once at the start and again whenever the change log cannot bridge a gap. */
export interface RowReader {
  /** True when the rows of `table` need no reading; the change log keeps them true from there. */
  isRead(table: string): boolean
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
type Standing = 'reading' | 'read' | 'again' | 'reading again'

export function createRowReader({ store, report, snapshot }: RowReaderOptions): RowReader {
  // A reading belongs to the map it began with: replacing the map makes all readings under way void.
  let tables = new Map<string, Standing>()

  /** The ids shown; null when the reading became void. */
  async function readPages(pages: AsyncIterable<readonly unknown[]>, take: (page: readonly unknown[]) => readonly string[]) {
    const own = tables
    const seen = new Set<string>()
    for await (const page of pages) {
      if (own !== tables) return null
      for (const id of take(page)) seen.add(id)
    }
    return own === tables ? seen : null
  }

  function removeUnseen(table: string, seen: ReadonlySet<string>, began: Beginning, delivery: Delivery): void {
    store.removeUnseen(table, seen, began.mark)
    for (const [id, before] of began.alive) {
      // Its true version is at least one above what was known, and whatever was told meanwhile is not older than that.
      if (!seen.has(id)) delivery.deliver(deletionOf(table, id, (before.version ?? -1) + 1))
    }
  }

  async function readTable(table: string, delivery: Delivery, signal: AbortSignal, again: boolean): Promise<boolean> {
    const pages = snapshot(table, signal)
    if (!pages) return true
    const began: Beginning = { mark: store.mark(), alive: delivery.alive() }
    const seen = await readPages(pages, (page) => {
      store.ingest(table, page)
      return page.flatMap((row) => tell(table, row, delivery, again) ?? [])
    })
    if (seen && again) removeUnseen(table, seen, began, delivery)
    return seen !== null
  }

  return {
    isRead: (table) => tables.get(table) === 'read',
    read: async (table, delivery, signal) => {
      const own = tables
      const before = own.get(table)
      if (before === 'reading' || before === 'reading again') return 'busy'
      const again = before === 'again'
      own.set(table, again ? 'reading again' : 'reading')
      try {
        if (!(await readTable(table, delivery, signal, again))) return 'busy'
        own.set(table, 'read')
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
        if (tables.get(table) === 'read') tables.set(table, 'again')
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
