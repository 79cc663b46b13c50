import type { BaseRow } from '@org/contracts/client'
import type { RowView } from '../SyncClient.js'
import type { RowState, StoreMark } from './EntityStore.js'
import { foldRow, type PendingPatch } from './overlay.js'
import { type MergeOutcome, reconcile } from './reconcile.js'

/** What is known of one row. */
interface Entry {
  /** Undefined when never seen, or deleted. */
  base: BaseRow | undefined
  /** Of the base or the tombstone; undefined when never seen. */
  version: number | undefined
  /** When the base entered. */
  enteredAt: StoreMark
  patches: readonly PendingPatch[]
  /** The folded view; `null` when it has to be folded again. */
  view: RowView | undefined | null
}

/** The rows of one table. It knows nothing of listeners: each verb says whether the row's view changed. */
export interface TableRows {
  view(id: string): RowView | undefined
  views(): readonly RowView[]
  merge(state: RowState, mark: StoreMark): MergeOutcome
  /** Replaces the row's patches by what `change` makes of them; false when the view stays the same. */
  setPatches(id: string, change: (patches: readonly PendingPatch[]) => readonly PendingPatch[]): boolean
  /** True when the base was written by this mutation. */
  wroteBase(id: string, mutationKey: string): boolean
  /** Ids of base rows that are not in `seen` and entered at or before `mark`; they become tombstones. */
  removeUnseen(seen: ReadonlySet<string>, mark: StoreMark): readonly string[]
  /** Whatever comes next replaces what is known of these rows; what they show stays until then. */
  forgetVersions(ids: readonly string[]): void
  /** Forgets base rows and tombstones; returns the ids whose view changed. */
  dropBase(): readonly string[]
}

export function createTableRows(): TableRows {
  const entries = new Map<string, Entry>()
  let views: readonly RowView[] | null = null

  function entryOf(id: string): Entry {
    let entry = entries.get(id)
    if (!entry) {
      entry = { base: undefined, version: undefined, enteredAt: 0, patches: [], view: null }
      entries.set(id, entry)
    }
    return entry
  }

  function changed(entry: Entry): void {
    entry.view = null
    views = null
  }

  function fold(id: string, entry: Entry): RowView | undefined {
    if (entry.view === null) entry.view = isTombstone(entry) ? undefined : foldRow(id, entry.base, entry.patches)
    return entry.view
  }

  function foldAll(): readonly RowView[] {
    const all: RowView[] = []
    for (const [id, entry] of entries) {
      const view = entry.base && fold(id, entry)
      if (view) all.push(view)
    }
    return all
  }

  function forget(entry: Entry): void {
    entry.base = undefined
    changed(entry)
  }

  return {
    view: (id) => {
      const entry = entries.get(id)
      return entry && fold(id, entry)
    },
    views: () => {
      views ??= foldAll()
      return views
    },
    merge: ({ id, version, row }, mark) => {
      const entry = entryOf(id)
      const outcome = reconcile(entry.version, version)
      if (outcome === 'applied') {
        entry.base = row ?? undefined
        entry.version = version
        entry.enteredAt = mark
        changed(entry)
      }
      return outcome
    },
    setPatches: (id, change) => {
      const entry = entryOf(id)
      const patches = change(entry.patches)
      const differs = !showSame(patches, entry.patches)
      entry.patches = patches
      if (differs) changed(entry)
      if (entry.version === undefined && patches.length === 0) entries.delete(id)
      return differs
    },
    wroteBase: (id, mutationKey) => entries.get(id)?.base?.last_mutation_key === mutationKey,
    removeUnseen: (seen, mark) => {
      const gone = [...entries].filter(([id, entry]) => entry.base && entry.enteredAt <= mark && !seen.has(id))
      for (const [, entry] of gone) forget(entry)
      return gone.map(([id]) => id)
    },
    forgetVersions: (ids) => {
      for (const id of ids) {
        const entry = entries.get(id)
        if (entry?.version !== undefined) entry.version = BELOW_ALL
      }
    },
    dropBase: () => {
      const known = [...entries].filter(([, entry]) => entry.version !== undefined)
      for (const [id, entry] of known) {
        entry.version = undefined
        forget(entry)
        if (entry.patches.length === 0) entries.delete(id)
      }
      return known.map(([id]) => id)
    },
  }
}

/** A known row of which no version is known. */
const BELOW_ALL = Number.NEGATIVE_INFINITY

function isTombstone(entry: Entry): boolean {
  return entry.base === undefined && entry.version !== undefined
}

function showSame(a: readonly PendingPatch[], b: readonly PendingPatch[]): boolean {
  return a.length === b.length && a.every(({ id, patch }, index) => b[index]?.id === id && b[index]?.patch === patch)
}
