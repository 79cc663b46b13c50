import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'
import type { LeadRow } from '../data/useRows.js'

/** A row about as high as one line; a card of the small screens. Each is measured once it is there. In px. */
const HEIGHT = { line: 49, card: 97 }
const CARDS = '(max-width: 40rem)'
/** Above and below what can be seen, so that the keyboard and a quick wheel find rows. */
const OVERSCAN = 8

export interface ShownRow {
  index: number
  /** Empty room before it, for rows that are not there, in px. */
  gap: number
}

export interface ShownRows {
  rows: readonly ShownRow[]
  /** Empty room behind the last one, in px. */
  rest: number
  /** Of each row: how high it really is. */
  measure: (row: HTMLTableRowElement | null) => void
  /** Moves the focus to the box of a row, wherever that is. */
  focusRow: (index: number) => void
  /** Which row has the focus; it stays there however far it is scrolled away, or the focus would be lost with it. */
  keep: (leadId: string | null) => void
}

/** Which rows of a long table are there: those in view, those around them, and the one with the focus. */
export function useShownRows(leads: readonly LeadRow[], body: RefObject<HTMLTableSectionElement | null>): ShownRows {
  const [keptId, keep] = useState<string | null>(null)
  const kept = keptId === null ? -1 : leads.findIndex(({ id }) => id === keptId)
  const wanted = useRef<number | null>(null)
  const [top, setTop] = useState(0)
  // A new function would have the heights of all rows added up again.
  const getItemKey = useCallback((index: number) => leads[index]?.id ?? index, [leads])
  const virtualizer = useWindowVirtualizer({
    count: leads.length,
    estimateSize: () => (window.matchMedia(CARDS).matches ? HEIGHT.card : HEIGHT.line),
    overscan: OVERSCAN,
    scrollMargin: top,
    getItemKey,
    rangeExtractor: (range) => withKept(defaultRangeExtractor(range), kept),
  })
  useLayoutEffect(() => {
    if (body.current) setTop(body.current.getBoundingClientRect().top + window.scrollY)
  }, [body])
  useLayoutEffect(() => {
    if (wanted.current === null) return
    body.current?.querySelector<HTMLInputElement>(`[data-index="${wanted.current}"] input`)?.focus()
    wanted.current = null
  })
  const items = virtualizer.getVirtualItems()
  const rows = items.map(({ index, start }, place) => ({ index, gap: start - (items[place - 1]?.end ?? top) }))
  return {
    rows,
    rest: virtualizer.getTotalSize() + top - (items.at(-1)?.end ?? top),
    measure: virtualizer.measureElement,
    focusRow: (index) => {
      wanted.current = index
      keep(leads[index]?.id ?? null)
    },
    keep,
  }
}

/** The rows in view and the kept one, in order. Pure. */
function withKept(indexes: number[], kept: number): number[] {
  if (kept < 0 || indexes.includes(kept)) return indexes
  return [...indexes, kept].sort((a, b) => a - b)
}
