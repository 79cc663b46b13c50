import type { Report } from '../telemetry/report.js'
import type { StoreMark } from './EntityStore.js'
import { createListeners, type Listeners } from './listeners.js'
import { rowRef } from './pendingMutations.js'

/** Changes of the store one after the other: all of a step is applied before the first listener looks. */
export class StoreSteps {
  readonly #rowListeners: Listeners
  readonly #tableListeners: Listeners
  #now: StoreMark = 0
  #touched = new Map<string, Set<string>>()

  constructor(report: Report) {
    this.#rowListeners = createListeners(report)
    this.#tableListeners = createListeners(report)
  }

  get now(): StoreMark {
    return this.#now
  }

  subscribeRow(table: string, id: string, listener: () => void): () => void {
    return this.#rowListeners.add(rowRef(table, id), listener)
  }

  subscribeTable(table: string, listener: () => void): () => void {
    return this.#tableListeners.add(table, listener)
  }

  run<T>(change: () => T): T {
    this.#now += 1
    const result = change()
    const told = this.#touched
    this.#touched = new Map()
    for (const [table, ids] of told) {
      for (const id of ids) this.#rowListeners.run(rowRef(table, id))
      this.#tableListeners.run(table)
    }
    return result
  }

  /** The row's view changed in this step. */
  touch(table: string, id: string): void {
    this.#touchedIn(table).add(id)
  }

  /** Whatever anybody listens to changed in this step. */
  touchAll(tables: Iterable<string>): void {
    for (const ref of this.#rowListeners.keys()) {
      const [table = '', ...id] = ref.split('\n')
      this.touch(table, id.join('\n'))
    }
    for (const table of [...tables, ...this.#tableListeners.keys()]) this.#touchedIn(table)
  }

  #touchedIn(table: string): Set<string> {
    const ids = this.#touched.get(table) ?? new Set()
    this.#touched.set(table, ids)
    return ids
  }
}
