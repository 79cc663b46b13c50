import { useState } from 'react'

export interface Selection {
  /** The selected rows that are in the list, in its order. */
  ids: readonly string[]
  has(id: string): boolean
  toggle(id: string): void
  setAll(selected: boolean): void
  clear(): void
}

/** Which of `listed` rows are selected. A row that left the list is selected no more. */
export function useSelection(listed: readonly string[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  return {
    ids: listed.filter((id) => chosen.has(id)),
    has: (id) => chosen.has(id),
    toggle: (id) => setChosen((before) => toggled(before, id)),
    setAll: (selected) => setChosen(new Set(selected ? listed : [])),
    clear: () => setChosen(new Set()),
  }
}

function toggled(before: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const after = new Set(before)
  if (!after.delete(id)) after.add(id)
  return after
}
