import type { LeadRow } from '../data/useRows.js'
import { LeadTableRow } from './LeadTableRow.js'
import type { Selection } from './useSelection.js'

interface Props {
  leads: readonly LeadRow[]
  selection: Selection
  openLeadId: string | null
}

/** Leads with their status column; below 40rem each row becomes a small card, and the head what selects them all. */
export function LeadTable({ leads, selection, openLeadId }: Props) {
  const all = leads.length > 0 && selection.ids.length === leads.length
  return (
    <table className="lead-table">
      <thead>
        <tr>
          <th scope="col" className="lead-check">
            <label>
              <input
                type="checkbox"
                checked={all}
                ref={(box) => {
                  if (box) box.indeterminate = !all && selection.ids.length > 0
                }}
                onChange={(event) => selection.setAll(event.target.checked)}
              />
              <span className="lead-select-all">Select all {leads.length}</span>
            </label>
          </th>
          <th scope="col">Name</th>
          <th scope="col" className="lead-phone">
            Phone
          </th>
          <th scope="col" className="lead-status">
            Status
          </th>
        </tr>
      </thead>
      <tbody>
        {leads.map((lead) => (
          <LeadTableRow
            key={lead.id}
            lead={lead}
            selected={selection.has(lead.id)}
            open={lead.id === openLeadId}
            onToggle={() => selection.toggle(lead.id)}
          />
        ))}
      </tbody>
    </table>
  )
}
