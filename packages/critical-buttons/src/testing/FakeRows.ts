import type { BaseRow } from '@org/contracts'
import type { RowView } from '@org/sync-core'
import { Listeners } from './Listeners.js'

/** The rows of a fake client, by table and id. */
export class FakeRows {
  readonly listeners = new Listeners()
  readonly #tables = new Map<string, Map<string, RowView>>()
  readonly #lists = new Map<string, readonly RowView[]>()

  get(table: string, id: string): RowView | undefined {
    return this.#tables.get(table)?.get(id)
  }

  list(table: string): readonly RowView[] {
    const known = this.#lists.get(table)
    if (known !== undefined) return known
    const list = [...(this.#tables.get(table)?.values() ?? [])]
    this.#lists.set(table, list)
    return list
  }

  /** Puts a full row, unless a newer version is known. */
  put(table: string, row: BaseRow): boolean {
    const known = this.get(table, row.id)
    if (known?.base !== undefined && known.base.version >= row.version) return false
    const rows = this.#tables.get(table) ?? new Map<string, RowView>()
    this.#tables.set(table, rows)
    rows.set(row.id, { row, base: row, pendingIds: [] })
    this.#changed(table, row.id)
    return true
  }

  remove(table: string, id: string): void {
    if (this.#tables.get(table)?.delete(id)) this.#changed(table, id)
  }

  #changed(table: string, id: string): void {
    this.#lists.delete(table)
    this.listeners.call(`${table}:${id}`)
    this.listeners.call(table)
  }
}
