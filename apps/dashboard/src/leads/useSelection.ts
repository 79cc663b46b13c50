import { useMemo, useRef, useState } from 'react'
import { NOTHING, reached, toggled } from './selection.js'

export interface Selection {
  /** The selected rows that are in the list, in its order. */
  ids: readonly string[]
  has(id: string): boolean
  /** What can be done; the same object for good, so that a row need not be drawn again for another row's sake. */
  verbs: SelectionVerbs
}

export interface SelectionVerbs {
  toggle(id: string): void
  /** Selects everything from the row that was toggled last to this one. */
  reach(id: string): void
  setAll(selected: boolean): void
  clear(): void
}

/** Which of `listed` rows are selected. A row that left the list is selected no more. */
export function useSelection(listed: readonly string[]): Selection {
  const [chosen, setChosen] = useState(NOTHING)
  const shown = useRef(listed)
  shown.current = listed
  const ids = useMemo(() => listed.filter((id) => chosen.ids.has(id)), [listed, chosen])
  const [verbs] = useState<SelectionVerbs>(() => ({
    toggle: (id) => setChosen((before) => toggled(before, id)),
    reach: (id) => setChosen((before) => reached(before, id, shown.current)),
    setAll: (selected) => setChosen(selected ? { ids: new Set(shown.current), anchor: null } : NOTHING),
    clear: () => setChosen(NOTHING),
  }))
  return { ids, has: (id) => chosen.ids.has(id), verbs }
}
