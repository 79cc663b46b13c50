/** Which leads are selected, and from which one a range would reach. */
export interface Chosen {
  ids: ReadonlySet<string>
  /** The one that was selected or unselected last by itself. */
  anchor: string | null
}

export const NOTHING: Chosen = { ids: new Set(), anchor: null }

/** Selects a lead, or unselects it. Pure. */
export function toggled({ ids }: Chosen, id: string): Chosen {
  const after = new Set(ids)
  if (!after.delete(id)) after.add(id)
  return { ids: after, anchor: id }
}

/** Selects everything from the anchor to `id` in the order of the list; without an anchor in the list, `id` alone. Pure. */
export function reached({ ids, anchor }: Chosen, id: string, listed: readonly string[]): Chosen {
  const to = listed.indexOf(id)
  const from = anchor === null ? -1 : listed.indexOf(anchor)
  if (to < 0) return { ids, anchor }
  const range = from < 0 ? [id] : listed.slice(Math.min(from, to), Math.max(from, to) + 1)
  return { ids: new Set([...ids, ...range]), anchor: from < 0 ? id : anchor }
}
