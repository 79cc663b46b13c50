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

/**
 * The subscribers of one table, told of each version of a row once and in rising order, whichever way it
 * came. It is apart from the store's merge: one's own answer enters the store without being an event, and
 * the event that follows it still has to be told.
 */
export interface Delivery {
  /** Returns an unsubscribe, to be called once. */
  subscribe(callback: (event: RowChangeEvent) => void, options: SubscribeOptions): () => void
  listeners(): number
  deliver(change: Change): MergeOutcome
  /**
   * Takes a row as known without telling anybody: this is how it stood when it was first read. An event of
   * that version is told all the same: it may have been committed after somebody subscribed.
   */
  note(id: string, version: number): void
  /** Undefined when the row was never seen. */
  known(id: string): KnownRow | undefined
  /** Rows that were not deleted, as far as anybody was told. */
  alive(): ReadonlyMap<string, KnownRow>
  /** Versions count anew: each known row will be told again, whatever its version. */
  forgetVersions(): void
  clear(): void
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

export function createDelivery(report: Report): Delivery {
  const rows = new Map<string, KnownRow>()
  const subscribers = createListeners<Change>(report)
  let count = 0

  return {
    subscribe: (callback, { id = ALL, where }) => {
      const leave = subscribers.add(id, ({ state, event }) => {
        if (!where || where(event.new ?? { id: state.id, version: state.version })) callback(event)
      })
      count += 1
      return () => {
        count -= 1
        leave()
      }
    },
    listeners: () => count,
    deliver: (change) => {
      const { id, version, row } = change.state
      const known = rows.get(id)
      const outcome = reconcile(known?.told, version)
      if (outcome !== 'applied') return outcome
      rows.set(id, { version: Math.max(version, known?.version ?? version), told: version, isAlive: row !== null })
      for (const key of [id, ALL]) subscribers.run(key, change)
      return outcome
    },
    note: (id, version) => {
      const known = rows.get(id)
      if (reconcile(known?.version, version) === 'applied') rows.set(id, { version, told: known?.told, isAlive: true })
    },
    known: (id) => rows.get(id),
    alive: () => new Map([...rows].filter(([, { isAlive }]) => isAlive)),
    forgetVersions: () => {
      for (const [id, { isAlive }] of rows) rows.set(id, { version: undefined, told: undefined, isAlive })
    },
    clear: () => rows.clear(),
  }
}
