import { VALID_STATUSES } from '@org/critical-buttons'
import type { LeadFilter } from './filterLeads.js'
import { LEAD_COLUMNS, type LeadColumn, type LeadOrder, orderedBy } from './leadOrder.js'

interface Props {
  filter: LeadFilter
  onFilter: (filter: LeadFilter) => void
  order: LeadOrder
  onOrder: (order: LeadOrder) => void
}

/** Whom to look for; and, where a small screen has no column heads, in which order. */
export function LeadFilterBar({ filter, onFilter, order, onOrder }: Props) {
  return (
    <div className="lead-filter">
      <label>
        <span className="unseen">Search by name or phone</span>
        <input
          className="input"
          type="search"
          placeholder="Name or phone"
          value={filter.text}
          onChange={({ target }) => onFilter({ ...filter, text: target.value })}
        />
      </label>
      <label>
        <span className="unseen">Show leads with status</span>
        <select className="input" value={filter.status} onChange={({ target }) => onFilter({ ...filter, status: target.value })}>
          <option value="all">All statuses</option>
          {VALID_STATUSES.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label className="lead-order">
        <span className="unseen">In order of</span>
        <select className="input" value={order.by} onChange={({ target }) => onOrder(orderedBy(target.value as LeadColumn, order))}>
          {LEAD_COLUMNS.map(({ by, label }) => (
            <option key={by} value={by}>
              {`By ${label.toLowerCase()}`}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}
