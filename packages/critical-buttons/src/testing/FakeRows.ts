import type { BaseRow, RowPatch } from '@org/contracts/client'
import type { RowView } from '@org/sync-core'
import { Listeners } from './Listeners.js'

/** The rows of a fake client, by table and id, with pending changes folded in. */
export class FakeRows {
  readonly listeners = new Listeners()
  readonly #tables = new Map<string, Map<string, RowView>>()
  readonly #overlays = new Map<string, readonly RowPatch[]>()
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
    rows.set(row.id, this.#fold(table, row))
    this.#changed(table, row.id)
    return true
  }

  /** Shows what a pending mutation will change. Rows that are not known stay unknown. */
  addOverlay(key: string, patches: readonly RowPatch[]): void {
    this.#overlays.set(key, patches)
    this.#refold(patches)
  }

  dropOverlay(key: string): void {
    const patches = this.#overlays.get(key) ?? []
    if (this.#overlays.delete(key)) this.#refold(patches)
  }

  /** What the pending mutation shows becomes the row, as after its answer. */
  commitOverlay(key: string, actor: string): void {
    const by = { updated_by: actor, last_mutation_key: key }
    for (const { table, id, patch } of this.#overlays.get(key) ?? []) {
      const base = this.get(table, id)?.base
      if (base !== undefined) this.put(table, { ...base, ...patch, ...by, version: base.version + 1 })
    }
  }

  #refold(patches: readonly RowPatch[]): void {
    for (const { table, id } of patches) {
      const base = this.get(table, id)?.base
      if (base === undefined) continue
      this.#tables.get(table)?.set(id, this.#fold(table, base))
      this.#changed(table, id)
    }
  }

  #fold(table: string, base: BaseRow): RowView {
    let row = base
    const pendingIds: string[] = []
    for (const [key, patches] of this.#overlays) {
      for (const patch of patches) {
        if (patch.table !== table || patch.id !== base.id) continue
        row = { ...row, ...patch.patch }
        pendingIds.push(key)
      }
    }
    return { row, base, pendingIds }
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
