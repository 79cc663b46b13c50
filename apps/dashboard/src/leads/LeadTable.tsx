import { type FocusEvent, Fragment, type KeyboardEvent, useRef } from 'react'
import type { LeadRow } from '../data/useRows.js'
import { LeadTableHead } from './LeadTableHead.js'
import { LeadTableRow } from './LeadTableRow.js'
import type { LeadOrder } from './leadOrder.js'
import { rowKey } from './rowKeys.js'
import type { Selection } from './useSelection.js'
import { useShownRows } from './useShownRows.js'

interface Props {
  leads: readonly LeadRow[]
  selection: Selection
  openLeadId: string | null
  order: LeadOrder
  onOrder: (order: LeadOrder) => void
}

/** Leads with their status column; below 40rem each row becomes a small card, and the head what selects them all. */
export function LeadTable({ leads, selection, openLeadId, order, onOrder }: Props) {
  const body = useRef<HTMLTableSectionElement>(null)
  const shown = useShownRows(leads, body)
  const { verbs } = selection

  function onKeyDown(event: KeyboardEvent) {
    const index = event.target instanceof HTMLInputElement ? indexOf(event.target) : null
    const key = index === null ? null : rowKey(event, { index, count: leads.length })
    if (index === null || key === null) return
    event.preventDefault()
    if (key === 'all') return verbs.setAll(true)
    if (key.reach) reach(index, key.move)
    shown.focusRow(key.move)
  }

  /** Without anything selected before, the range begins where the focus is. */
  function reach(from: number, to: number) {
    if (selection.ids.length === 0) verbs.reach(leads[from]!.id)
    verbs.reach(leads[to]!.id)
  }

  return (
    <table className="lead-table" aria-rowcount={leads.length + 1}>
      <LeadTableHead order={order} onOrder={onOrder} count={leads.length} selectedCount={selection.ids.length} onSelectAll={verbs.setAll} />
      <tbody
        ref={body}
        onKeyDown={onKeyDown}
        onFocus={({ target }: FocusEvent) => shown.keep(target.closest('tr')?.dataset.lead ?? null)}
        onBlur={() => shown.keep(null)}
      >
        {shown.rows.map(({ index, gap }) => {
          const lead = leads[index]!
          return (
            <Fragment key={lead.id}>
              <Gap height={gap} />
              <LeadTableRow
                ref={shown.measure}
                lead={lead}
                index={index}
                selected={selection.has(lead.id)}
                open={lead.id === openLeadId}
                verbs={verbs}
              />
            </Fragment>
          )
        })}
        <Gap height={shown.rest} />
      </tbody>
    </table>
  )
}

/** Room for rows that are not there, so that the page is as long as the list. */
function Gap({ height }: { height: number }) {
  return height > 0 && <tr className="lead-gap" style={{ blockSize: height }} />
}

function indexOf(element: Element): number | null {
  const index = element.closest('tr')?.dataset.index
  return index === undefined ? null : Number(index)
}
