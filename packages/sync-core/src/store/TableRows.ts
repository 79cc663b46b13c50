import type { BaseRow } from '@org/contracts/client'
import type { RowView } from '../SyncClient.js'
import type { JudgeRow, KnownRow, RowState, StoreMark } from './EntityStore.js'
import { byQueue, foldRow, type PendingPatch } from './foldRow.js'
import { type MergeOutcome, reconcile } from './reconcile.js'

/** What is known of one row. */
interface Entry extends KnownRow {
  patches: readonly PendingPatch[]
  /** The folded view; `null` when it has to be folded again. */
  view: RowView | undefined | null
}

/** The rows of one table. */
export class TableRows {
  readonly #touch: (id: string) => void
  readonly #entries = new Map<string, Entry>()
  #views: readonly RowView[] | null = null

  /** @param touch called when the view of that row changes */
  constructor(touch: (id: string) => void) {
    this.#touch = touch
  }

  view(id: string): RowView | undefined {
    const entry = this.#entries.get(id)
    if (entry?.view !== null) return entry?.view
    const isTombstone = entry.base === undefined && entry.version !== undefined
    entry.view = isTombstone ? undefined : foldRow(id, entry.base, entry.patches)
    return entry.view
  }

  /** Of rows with a base, in the order they were first seen. */
  views(): readonly RowView[] {
    this.#views ??= [...this.#entries].flatMap(([id, { base }]) => (base && this.view(id)) ?? [])
    return this.#views
  }

  merge({ id, version, row }: RowState, mark: StoreMark): MergeOutcome {
    const entry = this.#entryOf(id)
    const outcome = reconcile(entry.version, version)
    if (outcome === 'applied') {
      entry.version = version
      entry.enteredAt = mark
      this.#setBase(id, entry, row ?? undefined)
    }
    return outcome
  }

  /** Shows a patch at its place, which its mutation's `seq` may have changed. */
  lay(patch: PendingPatch): void {
    this.#setPatches(patch.id, (present) => [...present.filter((other) => other !== patch), patch].sort(byQueue))
  }

  lift(patch: PendingPatch): void {
    this.#setPatches(patch.id, (present) => present.filter((other) => other !== patch))
  }

  /** True when the base was written by this mutation. */
  wroteBase(id: string, mutationKey: string): boolean {
    return this.#entries.get(id)?.base?.last_mutation_key === mutationKey
  }

  /** What is true of each known row from now on, by whoever has seen all of them. */
  revise(judge: JudgeRow): void {
    for (const [id, entry] of this.#entries) {
      const news = judge(id, entry)
      if (news === undefined) continue
      Object.assign(entry, news)
      if ('base' in news) this.#changed(id, entry)
      if (entry.version === undefined && entry.patches.length === 0) this.#entries.delete(id)
    }
  }

  #entryOf(id: string): Entry {
    const entry = this.#entries.get(id) ?? { base: undefined, version: undefined, enteredAt: 0, patches: [], view: null }
    this.#entries.set(id, entry)
    return entry
  }

  #setBase(id: string, entry: Entry, base: BaseRow | undefined): void {
    entry.base = base
    this.#changed(id, entry)
  }

  #setPatches(id: string, change: (present: readonly PendingPatch[]) => readonly PendingPatch[]): void {
    const entry = this.#entryOf(id)
    const before = entry.patches
    entry.patches = change(before)
    if (entry.version === undefined && entry.patches.length === 0) this.#entries.delete(id)
    const isSame = entry.patches.length === before.length && entry.patches.every((patch, index) => patch === before[index])
    if (!isSame) this.#changed(id, entry)
  }

  #changed(id: string, entry: Entry): void {
    entry.view = null
    this.#views = null
    this.#touch(id)
  }
}
