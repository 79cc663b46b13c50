import type { BaseRow } from '@org/contracts/client'
import { createListeners } from '../store/listeners.js'
import { type MergeOutcome, reconcile } from '../store/reconcile.js'
import type { Report } from '../telemetry/report.js'
import type { RowChangeEvent } from './RealtimeSyncService.js'
import type { Change } from './readChange.js'

export interface SubscribeOptions {
  /** Only this row. */
  id?: string
  /** Only rows for which it returns true; a deleted row is passed as its key and version. */
  where?: (row: BaseRow) => boolean
}

/** What subscribers may know of a row. */
export interface KnownRow {
  /** The highest version told or noted; undefined when versions count anew. */
  readonly version: number | undefined
  readonly told: number | undefined
  readonly isAlive: boolean
}

/** No row has this id. */
const ALL = ''

/**
 * The subscribers of one table, told of each version of a row once and in rising order, whichever way it
 * came. It is apart from the store's merge: one's own answer enters the store without being an event, and
 * the event that follows it still has to be told.
 */
export class Subscribers {
  readonly #rows = new Map<string, KnownRow>()
  readonly #listeners: ReturnType<typeof createListeners<Change>>
  #count = 0

  constructor(report: Report) {
    this.#listeners = createListeners<Change>(report)
  }

  get count(): number {
    return this.#count
  }

  /** Returns an unsubscribe, to be called once. */
  add(callback: (event: RowChangeEvent) => void, { id = ALL, where }: SubscribeOptions): () => void {
    const leave = this.#listeners.add(id, ({ state, event }) => {
      if (!where || where(event.new ?? { id: state.id, version: state.version })) callback(event)
    })
    this.#count += 1
    return () => {
      this.#count -= 1
      leave()
    }
  }

  tell(change: Change): MergeOutcome {
    const { id, version, row } = change.state
    const known = this.#rows.get(id)
    const outcome = reconcile(known?.told, version)
    if (outcome !== 'applied') return outcome
    this.#rows.set(id, { version: Math.max(version, known?.version ?? version), told: version, isAlive: row !== null })
    for (const key of [id, ALL]) this.#listeners.run(key, change)
    return outcome
  }

  /**
   * Takes a row as known without telling anybody: this is how it stood when it was first read. An event of
   * that version is told all the same: it may have been committed after somebody subscribed.
   */
  note(id: string, version: number): void {
    const known = this.#rows.get(id)
    if (reconcile(known?.version, version) === 'applied') this.#rows.set(id, { version, told: known?.told, isAlive: true })
  }

  /** Undefined when the row was never seen. */
  known(id: string): KnownRow | undefined {
    return this.#rows.get(id)
  }

  /** Rows that were not deleted, as far as anybody was told. */
  alive(): ReadonlyMap<string, KnownRow> {
    return new Map([...this.#rows].filter(([, { isAlive }]) => isAlive))
  }

  /** Versions count anew, of all rows or of these: each that is known will be told again, whatever its version. */
  forgetVersions(ids: Iterable<string> = [...this.#rows.keys()]): void {
    for (const id of ids) {
      const known = this.#rows.get(id)
      if (known) this.#rows.set(id, { version: undefined, told: undefined, isAlive: known.isAlive })
    }
  }

  clear(): void {
    this.#rows.clear()
  }
}
